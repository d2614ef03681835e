// Admin requests of the person who links by passkey: signing in a browser, comparing the code on the phone.
import { pairingAttempts } from "../pairing/pairing_attempt.ts";
import { confirmCode } from "../pairing/passkey.ts";
import type { Account } from "../world/account.ts";
import type { Network } from "../world/network.ts";
import { BadRequest, boolean, phoneNumber, required, text } from "./fields.ts";
import { accountNamed } from "./lookup.ts";
import { route } from "./route.ts";

function signOptions(account: Account, options: string, origin?: string, verified?: boolean) {
  const challenge = challengeIn(options);
  const assertion = account.passkey.sign(challenge, { origin, verified });
  return { credential_id: assertion.rawId, assertion };
}

function challengeIn(options: string): string {
  try {
    const { challenge } = JSON.parse(options) as { challenge?: unknown };
    if (typeof challenge === "string") {
      return challenge;
    }
  } catch {
    // Refused below.
  }
  throw new BadRequest("options hold no challenge");
}

function attemptOf(network: Network, account: Account) {
  return pairingAttempts(network).findLast(({ passkey }) => passkey?.account === account);
}

export const PASSKEY_ROUTES = [
  route(
    "POST /passkey/sign",
    {
      takes: { options: required(text), origin: text, verified: boolean, number: phoneNumber },
      answers: "{credential_id, assertion}",
      description:
        "the owner signs these request options with the account's passkey, as `navigator.credentials.get` at WhatsApp's site would; `origin` is another site, `verified` false an authenticator that did not check the person",
    },
    (network, { options, origin, verified, number }) =>
      signOptions(accountNamed(network, number), options, origin, verified),
  ),
  route(
    "GET /passkey",
    {
      takes: { number: phoneNumber },
      answers: "{code, proven, refused}",
      description:
        "what the phone shows of a link by passkey: the code to compare or null, whether the program proved that it showed the scanned QR code, and why the phone went no further or null",
    },
    (network, { number }) => {
      const passkey = attemptOf(network, accountNamed(network, number))?.passkey;
      const { code = null, isProven: proven = false, refused = null } = passkey ?? {};
      return { code, proven, refused };
    },
  ),
  route(
    "POST /passkey/confirm",
    {
      takes: { code: required(text), number: phoneNumber },
      description:
        "the owner says on the phone that the program shows this code: the phone links the program once it has its sealed request; 409 when the code is another one",
    },
    (network, { code, number }) => {
      confirmCode(network, attemptOf(network, accountNamed(network, number)), code);
      return {};
    },
  ),
];
