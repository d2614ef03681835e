// The request was understood, and the world does not allow it now.
export class NotNow extends Error {}
