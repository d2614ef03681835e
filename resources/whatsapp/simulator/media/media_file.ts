// Encrypts a file as WhatsApp's phones do before an upload, and keeps it for its one directory path.
import { createCipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { getMediaKeys, type MediaType, type proto } from "baileys";
import type { Network } from "../world/network.ts";

const MAC_BYTES = 10;

/** The fields with which a notice tells a file to those who may read it. */
type FileFields = Required<
  Pick<
    proto.Message.IHistorySyncNotification,
    "directPath" | "mediaKey" | "fileSha256" | "fileEncSha256" | "fileLength"
  >
>;

export const MEDIA_PREFIX = "/mms/";

export async function uploadFile(
  network: Network,
  type: MediaType,
  content: Uint8Array,
): Promise<FileFields> {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, type);
  if (!macKey) {
    throw new Error("no key for the file's code");
  }
  const cipher = createCipheriv("aes-256-cbc", cipherKey, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const mac = createHmac("sha256", macKey).update(iv).update(ciphertext).digest().subarray(0, MAC_BYTES);
  const file = Buffer.concat([ciphertext, mac]);
  const directPath = `${MEDIA_PREFIX}${type}/${randomBytes(8).toString("hex")}`;
  network.mediaFiles.set(directPath, file);
  return {
    directPath,
    mediaKey,
    fileSha256: sha256(content),
    fileEncSha256: sha256(file),
    fileLength: content.length,
  };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
