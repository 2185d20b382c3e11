import { SignJWT } from "jose";
import type { Emulator } from "../../emulator";

export interface Login {
  email: string;
  keyId: string;
  secret: string;
}

export interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** The address of an emulator, and its clock. */
export interface Address {
  url: string;
  tokenEndpoint: string;
  clock: { now: () => Date };
}

/** A signed assertion, as a client sends it. `claims` and `header` override its parts. */
export async function assertion(
  emulator: Address,
  login: Login,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(emulator.clock.now().getTime() / 1000);
  return new SignJWT({ iss: login.email, aud: emulator.tokenEndpoint, iat: now, exp: now + 3600, ...claims })
    .setProtectedHeader({ alg: "HS256", kid: login.keyId, ...header })
    .sign(Buffer.from(login.secret));
}

/** Sends a request to the token endpoint. */
export async function grant(
  emulator: Address,
  text: string,
  grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer",
): Promise<Reply> {
  const body = new URLSearchParams({ grant_type: grantType, assertion: text });
  return reply(await fetch(emulator.tokenEndpoint, { method: "POST", body }));
}

/** Logs in. @returns a function that calls the API as that account: `await call("GET", "projects")` */
export async function caller(emulator: Emulator, login: Login = emulator.admin): Promise<Caller> {
  const { body } = await grant(emulator, await assertion(emulator, login));
  return callerWith(emulator, `Bearer ${String(body["access_token"])}`);
}

export type Caller = (method: string, path: string, body?: unknown) => Promise<Reply>;

export const callerWith =
  (emulator: Address, authorization: string): Caller =>
  async (method, path, body) =>
    reply(
      await fetch(`${emulator.url}/${path}`, {
        method,
        headers: { authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, headers: response.headers, body };
}
