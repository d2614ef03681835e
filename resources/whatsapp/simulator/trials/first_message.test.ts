// The real Baileys pairs with the simulator and one message reaches a phone.
import "../quiet_console.ts";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSimulator, type Simulator } from "../server.ts";
import { AdminClient } from "./admin_client.ts";
import { Program } from "./program.ts";

let simulator: Simulator;
before(async () => {
  simulator = await startSimulator({ port: 0, seed: "t" });
});
after(() => simulator.close());

test("a program pairs by QR code, restarts, and its text is read on the phone", async () => {
  const admin = new AdminClient(simulator.admin);
  const program = new Program(simulator.ws);
  await admin.post("account", { number: "+5573999990000", name: "Shop", business: true });
  await admin.post("contacts", { contacts: [{ number: "+5573988880001", name: "Ana" }] });
  program.connect();
  const qr = await program.happenings.next<string>("qr");
  const { answer } = await admin.post("scan", { number: "+5573999990000", qr });
  assert.equal(answer["device"], 1);
  assert.equal(await program.happenings.next("close"), 515);
  await program.open();
  await program.send("5573988880001@s.whatsapp.net", "oi", "3EB0AA");
  await program.ack("3EB0AA");
  await program.receipt("3EB0AA");
  const [shown] = await admin.inbox("+5573988880001");
  assert.equal(shown?.text, "oi");
  await program.close();
});
