// Seals the keys of this device, and the secret that authenticates the link, for the phone alone.
import { createCipheriv, randomBytes } from "node:crypto";
import { proto, type AuthenticationCreds } from "baileys";

const IV_LENGTH = 12;

export function sealPairingRequest(creds: AuthenticationCreds, encryptionKey: Uint8Array): Buffer {
  const request = proto.PairingRequest.encode({
    companionPublicKey: creds.noiseKey.public,
    companionIdentityKey: creds.signedIdentityKey.public,
    advSecret: Buffer.from(creds.advSecretKey, "base64"),
  }).finish();
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv("aes-256-gcm", encryptionKey, iv);
  const encryptedPayload = Buffer.concat([cipher.update(request), cipher.final(), cipher.getAuthTag()]);
  return Buffer.from(proto.EncryptedPairingRequest.encode({ encryptedPayload, iv }).finish());
}
