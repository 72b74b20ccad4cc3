/** A name that the tests' browser finds on the loopback, but does not trust as it trusts the loopback's own names. */
export const INSECURE_HOST = "parlour.test";
