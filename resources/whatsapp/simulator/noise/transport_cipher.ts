// Seals and opens the frames that follow a finished handshake, each direction with its own key and counter.
import { seal, unseal } from "./symmetric_state.ts";

const NO_ASSOCIATED_BYTES = Buffer.alloc(0);

export class TransportCipher {
  readonly #sending: Uint8Array;
  readonly #receiving: Uint8Array;
  #sent = 0;
  #received = 0;

  constructor(sending: Uint8Array, receiving: Uint8Array) {
    this.#sending = sending;
    this.#receiving = receiving;
  }

  seal(plaintext: Uint8Array): Buffer {
    return seal(this.#sending, this.#sent++, plaintext, NO_ASSOCIATED_BYTES);
  }

  open(sealed: Uint8Array): Buffer {
    return unseal(this.#receiving, this.#received++, sealed, NO_ASSOCIATED_BYTES);
  }
}
