// Reads the text of the QR code that a client shows.
export interface QrCode {
  readonly reference: string;
  readonly noiseKey: Buffer;
  readonly identity: Buffer;
  readonly advSecret: Buffer;
}

const KEY_LENGTH = 32;

/** Takes the bare fields as well as the URL with the fields behind its `#`. */
export function readQrCode(text: string): QrCode | undefined {
  const [reference, ...fields] = text.slice(text.indexOf("#") + 1).split(",");
  const [noiseKey, identity, advSecret] = fields.map((field) => Buffer.from(field, "base64"));
  if (!reference || !noiseKey || !identity || !advSecret) {
    return undefined;
  }
  const wellFormed = [noiseKey, identity, advSecret].every((key) => key.length === KEY_LENGTH);
  return wellFormed ? { reference, noiseKey, identity, advSecret } : undefined;
}
