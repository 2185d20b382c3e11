import { randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghijklmnopqrstuv";
const machineId = randomBytes(5);
let counter = randomBytes(3).readUIntBE(0, 3);

/** Returns a 20-character xid, like Disruptive's ids: seconds, machine and counter in lower-case base32hex. */
export function newId(now: Date): string {
  counter = (counter + 1) % 0x1000000;
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(Math.floor(now.getTime() / 1000) >>> 0, 0);
  machineId.copy(bytes, 4);
  bytes.writeUIntBE(counter, 9, 3);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** A key's secret: 32 lower-case hex digits. */
export const newSecret = (): string => randomBytes(16).toString("hex");

/** The last segment of a resource name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The name of the parent: `projects/p` for `projects/p/members/9201`; empty for a project. */
export const parentOf = (name: string): string =>
  name.slice(0, Math.max(0, name.lastIndexOf("/", name.lastIndexOf("/") - 1)));
