// Routes each stanza of a client to the folder that answers it.
import type { HandshakeResult } from "./noise/handshake.ts";
import { answerIq } from "./iq/answers.ts";
import { content, replyNode } from "./stream/reply.ts";
import { logIn } from "./login/login.ts";
import { sendStreamError } from "./login/stream_error.ts";
import { settleAcknowledged, receiveReceipt } from "./messages/client_receipts.ts";
import { receiveMessage } from "./messages/outbound.ts";
import { finishPairing, offerReferences } from "./pairing/pairing.ts";
import { receiveCodeStanza } from "./pairing/pairing_code.ts";
import { receivePasskeyStanza } from "./pairing/passkey.ts";
import { PairingAttempt } from "./pairing/pairing_attempt.ts";
import type { Connection, ConnectionListener } from "./stream/connection.ts";
import type { Node } from "./stream/nodes.ts";
import { LinkedDevice } from "./world/linked_device.ts";
import type { Network } from "./world/network.ts";

async function receiveFromDevice(
  network: Network,
  device: LinkedDevice,
  connection: Connection,
  stanza: Node,
): Promise<void> {
  switch (stanza.tag) {
    case "iq":
      await answerIq(network, device, connection, stanza);
      break;
    case "message":
      receiveMessage(network, device, stanza);
      break;
    case "receipt":
      await receiveReceipt(network, device, stanza);
      break;
    case "ack":
      settleAcknowledged(device, stanza);
      break;
    case "presence":
      device.showPresence(stanza.attrs["type"], stanza.attrs["name"]);
      break;
  }
}

function receiveFromUnlinked(network: Network, attempt: PairingAttempt, stanza: Node): void {
  if (stanza.attrs["xmlns"] === "w:p") {
    attempt.connection.send(replyNode(stanza.attrs["id"], content()));
  } else if (
    !receiveCodeStanza(network, attempt, stanza) &&
    !receivePasskeyStanza(network, attempt, stanza)
  ) {
    finishPairing(network, attempt, stanza);
  }
}

async function receive(network: Network, connection: Connection, stanza: Node): Promise<void> {
  const peer = network.connections.get(connection);
  if (peer instanceof LinkedDevice) {
    await receiveFromDevice(network, peer, connection, stanza);
  } else if (peer instanceof PairingAttempt) {
    receiveFromUnlinked(network, peer, stanza);
  }
}

export function routeStanzas(network: Network): ConnectionListener {
  return {
    handshakeFinished(connection: Connection, { payload, clientKey }: HandshakeResult) {
      if (payload.devicePairingData) {
        offerReferences(network, connection, payload, clientKey);
      } else {
        logIn(network, connection, payload, clientKey);
      }
    },
    async received(connection: Connection, stanza: Node) {
      try {
        await receive(network, connection, stanza);
      } catch {
        sendStreamError(connection, { cause: "xml-not-well-formed" });
      }
    },
    closed(connection: Connection) {
      const peer = network.connections.get(connection);
      network.connections.delete(connection);
      if (!(peer instanceof LinkedDevice)) {
        peer?.abandon();
      } else if (peer.connection === connection) {
        peer.connection = undefined;
        peer.active = false;
        peer.presence = undefined;
      }
    },
  };
}
