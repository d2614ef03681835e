// Error for a valid request that the current state does not allow.
export class Conflict extends Error {}
