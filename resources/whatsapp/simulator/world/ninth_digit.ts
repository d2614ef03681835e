// The two ways to write a Brazilian mobile number: with and without the ninth digit.
const MOBILE = /^55(\d{2})(9?)([6-9]\d{7})$/;

/** Returns the same mobile number in its other form; undefined for every other number. */
export function ninthDigitSibling(user: string): string | undefined {
  const match = MOBILE.exec(user);
  if (!match) {
    return undefined;
  }
  const [, area = "", ninth, subscriber = ""] = match;
  return ninth ? `55${area}${subscriber}` : `55${area}9${subscriber}`;
}
