// Admin requests with which the shop's phone links devices, refuses to, and unlinks them.
import { unlink } from "../login/logout.ts";
import { announceDevices } from "../notices/announce.ts";
import { pairingAttempts } from "../pairing/pairing_attempt.ts";
import { typeCode } from "../pairing/pairing_code.ts";
import { demandPasskey, PASSKEY_NOTICES, sendEmptyContinuation } from "../pairing/pairing_notices.ts";
import { refreshRegistration, scan } from "../pairing/scan.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { required, oneOf, phoneNumber, text, wholeNumber } from "./fields.ts";
import { route } from "./route.ts";
import { accountAt, accountNamed } from "./lookup.ts";

async function scanAs(network: Network, number: string, qr: string) {
  return { device: await scan(network, accountAt(network, number), qr) };
}

async function typeAs(network: Network, number: string | undefined, code: string) {
  return { device: await typeCode(network, accountNamed(network, number), code) };
}

function linkCompanion(network: Network, number: string | undefined) {
  const account = accountNamed(network, number);
  const { id } = account.linkCompanion();
  announceDevices(account);
  return { device: id };
}

function unlinkDevice(network: Network, number: string | undefined, device: number) {
  if (!unlink(accountNamed(network, number), device)) {
    throw new Conflict("the account has no such linked device");
  }
  return {};
}

export const LINKING_ROUTES = [
  route(
    "POST /scan",
    {
      takes: { number: required(phoneNumber), qr: required(text) },
      answers: "{device}",
      description:
        "that shop's phone scans the QR text; answered once the program has countersigned, 409 when the phone does not link it",
    },
    (network, { number, qr }) => scanAs(network, number, qr),
  ),
  route(
    "POST /pair-code",
    {
      takes: { code: required(text), number: phoneNumber },
      answers: "{device}",
      description: "the shop's phone types the pairing code; 409 when it is wrong, which may be tried again",
    },
    (network, { code, number }) => typeAs(network, number, code),
  ),
  route(
    "POST /account/device",
    {
      takes: { number: phoneNumber },
      answers: "{device}",
      description:
        "the shop links one more device, which the simulator plays; it gets a copy of what the others send: look into it with `GET /inbox`. Linking or unlinking any device tells every program of the account the whole list (`account_sync`)",
    },
    (network, { number }) => linkCompanion(network, number),
  ),
  route(
    "POST /account/unlink",
    {
      takes: { device: required(wholeNumber(1)), number: phoneNumber },
      description: "the shop's phone unlinks that device: a program ends with 401 and is not let in again",
    },
    (network, { device, number }) => unlinkDevice(network, number, device),
  ),
  route(
    "POST /passkey-notice",
    {
      takes: { kind: oneOf(PASSKEY_NOTICES) },
      description:
        "every program that waits to be linked is told that a passkey is asked for (default `passkey_prologue_request`); for scans that end so see the option `passkey`",
    },
    (network, { kind = "passkey_prologue_request" }) => {
      for (const attempt of pairingAttempts(network)) {
        if (kind === "crsc_continuation") {
          sendEmptyContinuation(attempt);
        } else {
          demandPasskey(network, attempt, accountNamed(network, undefined));
        }
      }
      return {};
    },
  ),
  route(
    "POST /registration-refresh",
    {
      takes: { qr: required(text) },
      description:
        "the secret in this QR text is retired, and its program is told so (`companion_reg_refresh`): only a QR code with another secret links; for a phone that does so itself see the option `refresh_on_scan`",
    },
    (network, { qr }) => {
      refreshRegistration(network, qr);
      return {};
    },
  ),
];
