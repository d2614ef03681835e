// The kinds of faults, and the armed ones with the number of times each will still trigger.
export const FAULTS = {
  drop: "all sockets are cut now",
  mute: "the network stalls: sockets stay open, nothing arrives on either side until `unmute`. What is held back on a socket that is cut meanwhile is lost",
  half_open:
    "the server stops reading and writing its TCP sockets and closes nothing; new sockets are not answered either",
  silence:
    "the server takes everything in and acts on it, and says nothing at all: no acknowledgement, no answer",
  unmute:
    "ends the three before it: what was held back arrives in order, what was not said in `silence` is never said",
  refuse_connections: "new connections are cut at once",
  accept_connections: "ends it",
  close_port:
    "all sockets are cut and nobody listens for `ms` (default 1000), these requests included: a connection is refused by the system",
  upgrade_status: "the websocket upgrade is answered with this HTTP status (`code`, default 503)",
  login_failure:
    "a login is answered with this reason (`code`, default 401), and with the seconds until it ends (`expire_s`, as a temporary ban 402 has them)",
  stream_error:
    "open connections, those that wait to be linked too, then coming logins, end with this stream error: by `code` (default 503; 440 is replaced, 401 device removed) or by `cause`. The device stays linked",
  foreign_root:
    "the certificate chain of a new connection is signed by another root than the one that is offered",
  foreign_leaf: "the certificate chain of a new connection is good, for another server's key",
  expired_chain: "the certificate chain of a new connection is good, and was over a year ago",
  early_chain: "the certificate chain of a new connection is good, and begins in a year",
  usync_error:
    "a question about numbers or devices is answered with this error (`code`, default 429); code 0: not at all",
  iq_error:
    "a question whose topic (namespace, type, first child, as in `encrypt get key`) begins with `topic` is answered with this error (`code`, default 429); code 0: not at all",
  no_bundle: "a question about keys holds an error for this customer's devices (`code`, default 404)",
  nack: "a message is refused with this code (default 463) and not delivered",
  lose_ack: "a message is delivered, its acknowledgement is not sent",
  slow_ack: "a message is delivered, its acknowledgement comes `ms` later",
  repeat_ack: "a message is acknowledged twice",
  repeat_receipt: "a phone's receipt is sent twice",
  slow_delivery: "a message is acknowledged and reaches the customer's phone `ms` later",
  lose_session:
    "a phone (or only its `device`) has lost its sessions and one-time pre-keys when the next message comes: it asks for it again",
  garble_inbound:
    "what the customer writes cannot be decrypted; every answer to a retry receipt counts again",
  repeat_inbound: "what the customer writes arrives twice, as the same stanza",
  media_error: "a download is answered with this HTTP status (`code`, default 404)",
  media_silent: "a download is never answered",
  media_cut: "a download is cut half-way",
  media_spoiled: "a downloaded file has one wrong byte",
  media_endless: "a download never ends",
  history_bomb: "the next history that the phone pushes as a file inflates to 192 MiB",
  lose_offline_end: "a program is not told that all that waited for it has come",
  pair_code_error:
    "the request for a pairing code is answered with this error (`code`, default 429); code 0: not at all",
  pair_code_malformed: "the phone's answer to a pairing code lacks its reference",
  pair_code_unconfirmed: "after the right pairing code is typed, the link is never confirmed",
  passkey_no_options:
    "the demand for a passkey comes without the request to sign, which can still be asked for",
  passkey_foreign_site: "the request to sign names another site than WhatsApp's",
  passkey_no_reference: "the question for the reference of a link by passkey is answered without one",
  passkey_unanswered: "the signed request is taken, and the phone never answers",
  passkey_malformed: "the phone's ephemeral identity is too short",
  passkey_weak_key: "the phone's ephemeral key is one of low order, whose shared secret everybody knows",
  passkey_twice: "the phone's ephemeral identity is followed by another one",
} as const;

export type FaultKind = keyof typeof FAULTS;

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

export interface Fault {
  readonly kind: FaultKind;
  /** −1 is until further notice. */
  times: number;
  readonly code?: number | undefined;
  readonly ms?: number | undefined;
  readonly expireS?: number | undefined;
  readonly cause?: string | undefined;
  /** Only for this user, for one device of a user, written `user:device`, or for this topic. */
  readonly target?: string | undefined;
}

export class Faults {
  readonly #armed: Fault[] = [];

  /** Replaces an armed fault of the same kind for the same target; 0 times only ends it. */
  arm(fault: Fault): void {
    const known = this.#armed.findIndex(({ kind, target }) => kind === fault.kind && target === fault.target);
    if (known >= 0) {
      this.#armed.splice(known, 1);
    }
    if (fault.times !== 0) {
      this.#armed.push(fault);
    }
  }

  disarmAll(): void {
    this.#armed.length = 0;
  }

  /** Uses up one time of the first fault of this kind that concerns one of these targets, if there is one. */
  trigger(kind: FaultKind, targets: readonly string[] = []): Fault | undefined {
    return this.#consume((fault) => fault.kind === kind && matchesTarget(fault, targets));
  }

  /** The same for a fault whose target is the beginning of this topic. */
  triggerTopic(topic: string): Fault | undefined {
    return this.#consume(({ kind, target = "" }) => kind === "iq_error" && topic.startsWith(target));
  }

  #consume(fits: (fault: Fault) => boolean): Fault | undefined {
    const found = this.#armed.find(fits);
    if (found && found.times > 0) {
      found.times -= 1;
      if (found.times === 0) {
        this.#armed.splice(this.#armed.indexOf(found), 1);
      }
    }
    return found;
  }
}

function matchesTarget({ target }: Fault, targets: readonly string[]): boolean {
  return target === undefined || targets.includes(target);
}
