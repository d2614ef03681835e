// The server's answer to a client's iq.
import { node, SERVER, type Node } from "./nodes.ts";

export interface Reply {
  readonly content?: Node[];
  readonly error?: { readonly code: number; readonly text: string };
  /** Called right after the answer has been sent. */
  readonly afterwards?: () => void | Promise<void>;
}

export function content(...nodes: Node[]): Reply {
  return { content: nodes };
}

export function refusal(code: number, text: string): Reply {
  return { error: { code, text } };
}

export function replyNode(id: string | undefined, reply: Reply): Node {
  const { error } = reply;
  if (error) {
    const cause = node("error", { code: error.code.toString(), text: error.text });
    return node("iq", { from: SERVER, id, type: "error" }, [cause]);
  }
  return node("iq", { from: SERVER, id, type: "result" }, reply.content ?? []);
}
