import { assertion, type Caller, callerWith, grant } from "../login";
import type { Scene } from "../scene";
import { type Case, statusOf } from "./case";

/** A new account with a role that calls with Basic auth. */
async function basic({ emulator, newAccount }: Scene, enable: boolean): Promise<Caller> {
  const { name } = await newAccount("project.user");
  if (enable) emulator.cloud.accounts.update(name, { enableBasicAuth: true });
  const { keyId, secret } = emulator.cloud.credentials(name);
  return callerWith(emulator, `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}`);
}

export const login = {
  tokenErrorBody: {
    observe: async ({ emulator }) => Object.keys((await grant(emulator, "nonsense")).body),
    expected: {
      both: ["error", "error_description", "code", "help"],
      rfc6749: ["error", "error_description"],
      dt: ["error", "code", "help"],
    },
  },
  tokenTypeCase: {
    observe: async ({ emulator }) =>
      (await grant(emulator, await assertion(emulator, emulator.admin))).body["token_type"],
    expected: { bearer: "bearer", Bearer: "Bearer" },
  },
  loginContentType: {
    observe: async ({ emulator }) => {
      const form = new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: await assertion(emulator, emulator.admin),
      });
      const types = ["text/plain", "application/x-www-form-urlencoded; charset=UTF-8"];
      const replies = types.map((type) =>
        fetch(emulator.tokenEndpoint, {
          method: "POST",
          headers: { "content-type": type },
          body: form.toString(),
        }),
      );
      return (await Promise.all(replies)).map(({ status }) => status);
    },
    expected: { accepted: [200, 200], 400: [400, 200], 415: [415, 200] },
  },
  audienceArray: {
    observe: async ({ emulator }) =>
      statusOf(grant(emulator, await assertion(emulator, emulator.admin, { aud: [emulator.tokenEndpoint] }))),
    expected: { accepted: 200, refused: 400 },
  },
  issuedInFutureSeconds: {
    observe: async ({ emulator }) => {
      const iat = Math.floor(emulator.clock.now().getTime() / 1000) + 30;
      return statusOf(grant(emulator, await assertion(emulator, emulator.admin, { iat, exp: iat + 60 })));
    },
    expected: { 0: 400, 60: 200 },
  },
  tokensDieWithKey: {
    observe: async ({ emulator, newAccount, project }) => {
      const { call, name } = await newAccount("project.user");
      for (const key of emulator.cloud.keys.list(name)) emulator.cloud.keys.delete(key.name);
      return statusOf(call("GET", project));
    },
    expected: { false: 200, true: 401 },
  },
  clientCredentialsGrant: {
    observe: async ({ emulator }) => {
      const { keyId, secret } = emulator.admin;
      const response = await fetch(emulator.tokenEndpoint, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      return response.status;
    },
    expected: { refused: 400, accepted: 200 },
  },
  basicAuthOffStatus: {
    observe: async (scene) => statusOf((await basic(scene, false))("GET", scene.project)),
    expected: { 401: 401, 403: 403, 400: 400 },
  },
  basicAuthDelayMs: {
    observe: async (scene) => statusOf((await basic(scene, true))("GET", scene.project)),
    expected: { 0: 200, 3_600_000: 401 },
  },
} satisfies Record<string, Case>;
