import { text } from "node:stream/consumers";
import { jwtVerify } from "jose";
import { connect, type Api } from "../../../../provider/api/http/client";
import { canLogIn } from "../../../../provider/api/http/canLogIn";
import { login } from "../../../../provider/api/http/login";
import { failureOf, printed, startWorld, type World } from "../../world";
import { serve, settingsIn, tokenRequests } from "../wire";

let world: World;
beforeEach(async () => void (world = await startWorld()));

const settings = (changes?: Readonly<Record<string, string>>) => settingsIn(world, changes);
const getProject = (api: Api) => api.get(world.projects[0]);

describe("a token", () => {
  test("is requested once by fifty calls at the same time", async () => {
    const api = await connect(settings());
    await Promise.all(Array.from({ length: 50 }, () => getProject(api)));
    expect(tokenRequests(world)).toHaveLength(1);
    expect(world.calls()).toHaveLength(50);
  });

  test("is renewed one minute before it expires, and not earlier", async () => {
    // Only dates are moved. The emulator runs in this process, so its time moves with ours.
    jest.useFakeTimers({ doNotFake: everyTimer });
    try {
      const api = await connect(settings());
      await getProject(api);
      const issuedAt = Date.now();
      jest.setSystemTime(issuedAt + 58.9 * minute);
      await getProject(api);
      expect(tokenRequests(world)).toHaveLength(1);
      jest.setSystemTime(issuedAt + 59 * minute);
      await Promise.all([getProject(api), getProject(api)]);
      expect(tokenRequests(world)).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  test("that lives less than two minutes is used for half its life", async () => {
    jest.useFakeTimers({ doNotFake: everyTimer });
    try {
      const { url } = await tokenServer({ access_token: "t", expires_in: "90" });
      const session = login(settings({ "dt:tokenEndpoint": url }));
      await session.authorization();
      const issuedAt = Date.now();
      jest.setSystemTime(issuedAt + 44_000);
      await session.authorization();
      expect(asked).toHaveLength(1);
      jest.setSystemTime(issuedAt + 46_000);
      await session.authorization();
      expect(asked).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  test("that the API refuses is renewed once, by all calls that used it together", async () => {
    const api = await connect(settings());
    await getProject(api);
    world.faults.add({ path: "/v2/projects/*", times: 50, effect: { kind: "respond", status: 401 } });
    const together = barrier(50);
    world.onRequest({ path: "/v2/projects/*", times: 50 }, together);
    await Promise.all(Array.from({ length: 50 }, () => getProject(api)));
    expect(tokenRequests(world)).toHaveLength(2);
    expect(world.calls()).toHaveLength(101);
  });

  test("that the API keeps refusing is an error after one renewal", async () => {
    const api = await connect({ ...settings(), isFromConfig: false });
    const body = { error: "unauthenticated", code: 401 };
    world.faults.add({
      path: "/v2/**",
      times: "untilCleared",
      effect: { kind: "respond", status: 401, body },
    });
    expect((await failureOf(getProject(api))).message).toBe(
      `GET ${world.projects[0]}: 401 unauthenticated; the API refuses the credentials of ${world.admin.email}: check dt:keyId, dt:keySecret and dt:email`,
    );
    expect(tokenRequests(world)).toHaveLength(2);
    expect(world.calls()).toHaveLength(2);
  });

  test("request whose connection is cut is repeated", async () => {
    world.faults.add({ path: "/oauth2/token", effect: { kind: "drop", when: "beforeCommit" } });
    await getProject(await connect(settings()));
    expect(tokenRequests(world)).toHaveLength(2);
  });

  test("that is not answered before the deadline is named as the cause of the wait", async () => {
    world.faults.add({
      path: "/oauth2/token",
      effect: { kind: "drop", when: "beforeCommit" },
      times: "untilCleared",
    });
    const impatient = settings({ "dt:deadline": "0.5", "dt:retryDelay": "0.1" });
    const { message } = await failureOf(getProject(await connect(impatient)));
    expect(message).toMatch(/socket hang up.*check the network, and dt:tokenEndpoint$/);
  });
});

describe("the assertion", () => {
  test("is exactly what RFC 7523 and the API require", async () => {
    const { url } = await tokenServer({ access_token: "the-token", token_type: "Bearer", expires_in: 3600 });
    const before = Math.floor(Date.now() / 1000);
    const session = login(settings({ "dt:tokenEndpoint": url, "dt:email": "Erp@P.serviceaccount.d21s.com" }));
    expect(await session.authorization()).toBe("Bearer the-token");
    const after = Math.floor(Date.now() / 1000);

    const [{ type, form } = { type: "", form: new URLSearchParams() }] = asked;
    expect(type).toBe("application/x-www-form-urlencoded");
    expect([...form.keys()].sort()).toEqual(["assertion", "grant_type"]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const key = new TextEncoder().encode(world.admin.secret);
    const { payload, protectedHeader } = await jwtVerify(form.get("assertion")!, key);
    expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT", kid: world.admin.keyId });
    expect(Object.keys(payload).sort()).toEqual(["aud", "exp", "iat", "iss"]);
    expect(payload).toMatchObject({ iss: "erp@p.serviceaccount.d21s.com", aud: url });
    const { iat = 0, exp = 0 } = payload;
    expect(exp - iat).toBe(3600);
    expect(iat).toBeGreaterThanOrEqual(before - 5);
    expect(iat).toBeLessThanOrEqual(after - 5);
  });

  test.each([
    ["behind", 90],
    ["ahead of", -90],
  ] as const)(
    "is signed by the server's time if the local clock is %s it, and the user gets one notice",
    async (where, minutes) => {
      world.clock.advance(minutes * minute);
      const text = await printed(async () => {
        const api = await connect(settings());
        await Promise.all([getProject(api), getProject(api)]);
      });
      expect(text).toMatch(
        new RegExp(
          `^pulumi-dt: the local clock is (5399|5400|5401) s ${where} the server's; signing by the server's time\n$`,
        ),
      );
      // The first is refused, the second succeeds.
      expect(tokenRequests(world).map(({ status }) => status)).toEqual([400, 200]);
    },
  );

  test("is signed by the server's time from then on", async () => {
    world.clock.advance(90 * minute);
    const api = await connect(settings());
    await printed(() => getProject(api));
    world.faults.add({ path: "/v2/**", effect: { kind: "respond", status: 401 } });
    await getProject(api);
    expect(tokenRequests(world).map(({ status }) => status)).toEqual([400, 200, 200]);
  });
});

describe("Basic authentication", () => {
  test("works without a token if the account allows it, and warns once", async () => {
    world.cloud.accounts.update(world.admin.name, { enableBasicAuth: true });
    const text = await printed(async () => {
      const api = await connect(settings({ "dt:auth": "basic" }));
      await getProject(api);
      await getProject(await connect(settings({ "dt:auth": "basic" })));
    });
    expect(text).toBe(
      "pulumi-dt: Basic authentication sends the key's secret with every request. Use it for development only; for production set DT_AUTH=oauth2\n",
    );
    expect(tokenRequests(world)).toEqual([]);
  });

  test.each([401, 403, 400] as const)(
    "that the account does not allow is an error if the answer is a %p",
    async (status) => {
      world.unknowns.basicAuthOffStatus = status;
      const api = await connect(settings({ "dt:auth": "basic" }));
      const { message } = await failureOf(getProject(api));
      expect(message).toContain(`GET ${world.projects[0]}: ${status} Basic auth is not enabled`);
      expect(world.calls()).toHaveLength(status === 401 ? 2 : 1);
    },
  );
});

test("the client does not send a key to the target of a redirect, where its secret might travel in plaintext", async () => {
  const elsewhere = await serve((_request, response) => void response.end("{}"));
  const { url } = await serve((_request, response) => {
    response.writeHead(302, { location: `${elsewhere.url}/v2/projects` }).end();
  });
  const basic = { "dt:auth": "basic", "dt:tokenEndpoint": "", "dt:apiUrl": `${url}/v2` };
  const { message } = await failureOf(canLogIn(settings(basic)));
  expect(message).toBe(`GET ${url}/v2/projects: 302 the API can't be asked`);
  expect(elsewhere.requests()).toBe(0);
});

test("no secret appears in an error or the output, however a login ends", async () => {
  world.cloud.accounts.update(world.admin.name, { enableBasicAuth: true });
  const wrong = world.cloud.credentials(world.admin.name);
  const said: string[] = [];
  const echo = { error: `bad ${world.admin.secret}`, error_description: "Bearer abc.def.ghi refused" };
  said.push(
    await printed(async () => {
      const apis = await Promise.all(
        [
          settings(),
          settings({ "dt:keySecret": wrong.secret }),
          settings({ "dt:auth": "basic" }),
          settings({ "dt:auth": "basic", "dt:keySecret": wrong.secret }),
        ].map((each) => connect(each)),
      );
      world.faults.add({ path: "/oauth2/token", effect: { kind: "respond", status: 400, body: echo } });
      world.faults.add({ path: "/v2/**", effect: { kind: "respond", status: 403, body: echo } });
      for (const api of [...apis, ...apis]) {
        const outcome = await getProject(api).catch((error: unknown) => error as Error);
        if (outcome instanceof Error)
          said.push(outcome.message, String(outcome.stack), JSON.stringify(outcome));
      }
    }),
  );
  expect(said.length).toBeGreaterThan(10);
  const basic = Buffer.from(`${world.admin.keyId}:${world.admin.secret}`).toString("base64");
  for (const secret of [...(await world.secrets()), basic, "eyJ", "abc.def.ghi"])
    expect(said.join("\n")).not.toContain(secret);
});

const minute = 60_000;

/** Holds all callers until this number has arrived. */
function barrier(count: number): () => Promise<void> {
  let come = 0;
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++come === count) open();
    return opened;
  };
}

const everyTimer = [
  ...["hrtime", "nextTick", "performance", "queueMicrotask", "setImmediate", "clearImmediate"],
  ...["setInterval", "clearInterval", "setTimeout", "clearTimeout"],
] as NonNullable<Parameters<typeof jest.useFakeTimers>[0]> extends { doNotFake?: infer Names }
  ? NonNullable<Names>
  : never;

let asked: { type: string | undefined; form: URLSearchParams }[] = [];

/** A token endpoint that gives everybody the same answer, and keeps the requests. */
async function tokenServer(answer: object): Promise<{ url: string }> {
  asked = [];
  const { url } = await serve((request, response) => {
    void text(request).then((body) => {
      asked.push({ type: request.headers["content-type"], form: new URLSearchParams(body) });
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  });
  // Upper case and the slash at the end matter, because this is the audience.
  return { url: `${url}/oauth2/Token/` };
}
