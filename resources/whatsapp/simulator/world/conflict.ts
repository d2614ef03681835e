// The request was understood, and the world does not allow it now.
export class Conflict extends Error {}
