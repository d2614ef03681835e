// Checks, decrypts and inflates a downloaded history.
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { getMediaKeys } from "baileys";
import { UnusableError } from "./unusable.ts";

const MAC_BYTES = 10;
const MAX_HISTORY_BYTES = 96 * 1024 * 1024;

const inflateAsync = promisify(inflate);

/** Throws where a byte differs from the uploaded file, which may come whole another time. */
export async function decryptFile(
  file: Buffer,
  mediaKey: Uint8Array,
  fileEncSha256: Uint8Array,
): Promise<Buffer> {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, "md-msg-hist");
  const ciphertext = file.subarray(0, -MAC_BYTES);
  const mac = createHmac("sha256", macKey ?? "")
    .update(iv)
    .update(ciphertext)
    .digest()
    .subarray(0, MAC_BYTES);
  const digest = createHash("sha256").update(file).digest();
  if (!isEqual(digest, fileEncSha256) || !isEqual(mac, file.subarray(-MAC_BYTES)))
    throw new Error("the file is spoiled");
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

export async function inflateHistory(compressed: Uint8Array): Promise<Buffer> {
  try {
    return await inflateAsync(compressed, { maxOutputLength: MAX_HISTORY_BYTES });
  } catch {
    throw new UnusableError("the history does not inflate within bounds");
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
