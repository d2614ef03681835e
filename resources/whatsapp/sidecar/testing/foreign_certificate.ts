// Makes a TLS certificate that no root of Node's has signed, as an antivirus shows one.
import { generateKeyPairSync, sign } from "node:crypto";

const SEQUENCE = 0x30;
const [INTEGER, BIT_STRING, OBJECT_ID, UTF8_STRING, SET, UTC_TIME] = [0x02, 0x03, 0x06, 0x0c, 0x31, 0x17];
const ECDSA_WITH_SHA256 = Buffer.from("2a8648ce3d040302", "hex");
const COMMON_NAME = Buffer.from("550403", "hex");

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? Buffer.of(content.length)
      : Buffer.of(0x82, content.length >> 8, content.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

function pem(label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes.toString("base64")}\n-----END ${label}-----\n`;
}

export function foreignCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(SEQUENCE, der(OBJECT_ID, ECDSA_WITH_SHA256));
  const commonName = der(UTF8_STRING, Buffer.from("antivirus"));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME), commonName)));
  const validity = der(
    SEQUENCE,
    der(UTC_TIME, Buffer.from("200101000000Z")),
    der(UTC_TIME, Buffer.from("491231235959Z")),
  );
  const publicPart = publicKey.export({ type: "spki", format: "der" });
  const details = der(SEQUENCE, der(INTEGER, Buffer.of(1)), algorithm, name, validity, name, publicPart);
  const signature = der(BIT_STRING, Buffer.of(0), sign("sha256", details, privateKey));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem("CERTIFICATE", der(SEQUENCE, details, algorithm, signature)),
  };
}
