import type { Emulator } from "../../../emulator";
import { assertion, type Caller, grant } from "../login";
import { idOf } from "../scene";

interface Named {
  name: string;
  email: string;
}

/** Creates an account through the API. */
export async function makeAccount(call: Caller, project: string, body: object = {}): Promise<Named> {
  return (await call("POST", `${project}/serviceaccounts`, body)).body as unknown as Named;
}

export interface MadeKey {
  name: string;
  logsIn: (emulator: Emulator) => Promise<boolean>;
}

/** Creates a key through the API. */
export async function makeKey(call: Caller, account: string): Promise<MadeKey> {
  const { body } = await call("POST", `${account}/keys`);
  const { key, secret } = body as { key: { name: string }; secret: string };
  const home = account.split("/")[1] ?? "";
  const email = `${idOf(account)}@${home}.serviceaccount.d21s.com`;
  return {
    name: key.name,
    logsIn: async (emulator) => {
      const text = await assertion(emulator, { email, keyId: idOf(key.name), secret });
      return (await grant(emulator, text)).status === 200;
    },
  };
}

/** Adds a member through the API. */
export async function addMember(
  call: Caller,
  scope: string,
  email: string,
  role = scope.startsWith("projects/") ? "project.user" : "organization.admin",
): Promise<Record<string, unknown> & { name: string; status: number }> {
  const { status, body } = await call("POST", `${scope}/members`, { email, roles: [`roles/${role}`] });
  return { name: "", memberStatus: body["status"], ...body, status };
}
