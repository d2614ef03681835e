// The responder's side of WhatsApp's Noise XX handshake.
import { Curve, NOISE_WA_HEADER, proto } from "baileys";
import type { ServerIdentity } from "./certificate.ts";
import { SymmetricState } from "./symmetric_state.ts";
import { TransportCipher } from "./transport_cipher.ts";

export interface HandshakeResult {
  readonly clientKey: Uint8Array;
  readonly payload: proto.ClientPayload;
  readonly cipher: TransportCipher;
}

export class Handshake {
  readonly #identity: ServerIdentity;
  readonly #ephemeral = Curve.generateKeyPair();
  readonly #state = new SymmetricState(NOISE_WA_HEADER);

  constructor(identity: ServerIdentity) {
    this.#identity = identity;
  }

  /** Takes the client's hello and returns the server's. */
  answerHello(frame: Uint8Array): Uint8Array {
    const clientEphemeral = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!clientEphemeral) {
      throw new Error("the first frame holds no client hello");
    }
    const state = this.#state;
    const { noiseKey, certificateChain } = this.#identity;
    state.mixHash(clientEphemeral);
    state.mixHash(this.#ephemeral.public);
    state.mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral));
    const sealedKey = state.encryptAndHash(noiseKey.public);
    state.mixKey(Curve.sharedKey(noiseKey.private, clientEphemeral));
    const payload = state.encryptAndHash(certificateChain);
    const serverHello = { ephemeral: this.#ephemeral.public, static: sealedKey, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Takes the client's finish; after it both sides use the returned cipher. */
  finish(frame: Uint8Array): HandshakeResult {
    const { clientFinish } = proto.HandshakeMessage.decode(frame);
    if (!clientFinish?.static || !clientFinish.payload) {
      throw new Error("the second frame holds no client finish");
    }
    const clientKey = this.#state.decryptAndHash(clientFinish.static);
    this.#state.mixKey(Curve.sharedKey(this.#ephemeral.private, clientKey));
    const payload = proto.ClientPayload.decode(this.#state.decryptAndHash(clientFinish.payload));
    const [fromClient, toClient] = this.#state.split();
    return { clientKey, payload, cipher: new TransportCipher(toClient, fromClient) };
  }
}
