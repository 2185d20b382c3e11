import { connect, type Api } from "../../../../provider/api/http/client";
import { failureOf, startWorld, type World } from "../../world";
import { settingsIn, tokenRequests } from "../wire";

const minute = 60_000;

let world: World;
beforeEach(async () => void (world = await startWorld()));

const settings = (changes?: Readonly<Record<string, string>>) => settingsIn(world, changes);
const getProject = (api: Api) => api.get(world.projects[0]);

describe("a login that is refused", () => {
  const advice = (keyId: string, email: string) =>
    `key ${keyId} of ${email} cannot log in: check that dt:keyId, dt:keySecret and dt:email belong to one key that still exists`;
  const staleConfig =
    "; plain `pulumi refresh` and `pulumi destroy` use the configuration of the last `pulumi up`: after a key rotation run `pulumi up` first, add --run-program, or set the environment variables";
  const wrong = { "dt:keySecret": "0123456789abcdef0123456789abcdef" };

  test("for a wrong secret names the owner of the key and what to check, and is not repeated", async () => {
    const { keyId, email } = world.admin;
    const api = await connect({ ...settings(wrong), isFromConfig: false });
    const failures = await Promise.all([1, 2, 3].map(() => failureOf(getProject(api))));
    expect(new Set(failures.map(({ message }) => message))).toEqual(
      new Set([
        `POST ${world.tokenEndpoint}: 400 invalid_grant: the token signature is invalid; ${advice(keyId, email)}`,
      ]),
    );
    expect(tokenRequests(world)).toHaveLength(1);
    expect(world.calls()).toEqual([]);
  });

  test("with credentials of the configuration names the configuration of the last up as a possible cause", async () => {
    const { keyId, email } = world.admin;
    const api = await connect(settings(wrong));
    expect((await failureOf(getProject(api))).message).toBe(
      `POST ${world.tokenEndpoint}: 400 invalid_grant: the token signature is invalid; ${advice(keyId, email)}${staleConfig}`,
    );
  });

  test.each([
    ["rfc6749", "invalid_grant: unknown key"],
    ["dt", "unknown key"],
    ["both", "invalid_grant: unknown key"],
  ] as const)("is explained for a body of the kind %s", async (kind, said) => {
    world.unknowns.tokenErrorBody = kind;
    const api = await connect({ ...settings({ "dt:keyId": "nosuchkey" }), isFromConfig: false });
    expect((await failureOf(getProject(api))).message).toBe(
      `POST ${world.tokenEndpoint}: 400 ${said}; ${advice("nosuchkey", world.admin.email)}`,
    );
  });

  test("shows no id that may be a secret in its place, even if the answer quotes it", async () => {
    const { email } = world.admin;
    const secret = "Not-hexadecimal-but-secret";
    world.faults.add({
      path: "/oauth2/token",
      effect: { kind: "respond", status: 400, body: { error: `unknown key ${secret}` } },
    });
    const api = await connect(settings({ "dt:keyId": secret, "dt:keySecret": "c18rs36olv9021epsv2g" }));
    const { message } = await failureOf(getProject(api));
    expect(message).toContain(`400 unknown key [secret]; key [secret] of ${email} cannot log in`);
    expect(message).not.toContain(secret);
  });

  test("mentions the clock if it is far off", async () => {
    world.clock.advance(90 * minute);
    const api = await connect({ ...settings(wrong), isFromConfig: false });
    expect((await failureOf(getProject(api))).message).toMatch(
      /belong to one key that still exists and the clock, which differs from the server's by (5399|5400|5401) s$/,
    );
  });

  test("works again for the next call after the key is corrected", async () => {
    const key = world.cloud.keys.list(world.admin.name)[0]!;
    const api = await connect(settings(wrong));
    await failureOf(getProject(api));
    world.cloud.keys.update(key.name, { secret: wrong["dt:keySecret"] });
    expect((await getProject(api)).statusCode).toBe(200);
  });
});

describe("a wrong token endpoint", () => {
  test.each([
    ["a page", 200, "<html>welcome</html>", {}, "200 the answer holds no access_token"],
    ["a page of a proxy", 404, "<html>not here</html>", {}, "404 the answer holds no access_token"],
    ["a token of nothing", 200, { access_token: "" }, {}, "200 the answer holds no access_token"],
    ["nothing", 200, undefined, {}, "200 the answer holds no access_token"],
    ["a redirect", 307, undefined, { Location: "/elsewhere" }, "307 the answer holds no access_token"],
  ] as const)(
    "that answers with %s is named, with the setting that contains it",
    async (_what, status, body, headers, said) => {
      world.faults.add({ path: "/oauth2/token", effect: { kind: "respond", status, body, headers } });
      const { message } = await failureOf(getProject(await connect(settings())));
      expect(message).toBe(`POST ${world.tokenEndpoint}: ${said}; check dt:tokenEndpoint`);
      expect(world.requests.map(({ path }) => path)).toEqual(["/oauth2/token"]);
    },
  );
});
