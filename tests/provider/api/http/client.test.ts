import type { Effect } from "../../../../emulator";
import { notSeen } from "../../../../provider/api/http/errors";
import { patchOf } from "../../../../provider/api/http/client";
import { remove } from "../../../../provider/api/reads/find";
import { failureOf, printed, startWorld, type World } from "../../world";
import { apiFailure, apiOf, html, inWorlds, respond, serve } from "../wire";

describe("the client repeats", () => {
  const member = (world: World) =>
    world.cloud.members.create({
      scope: world.projects[1],
      email: "grace@example.com",
      roles: ["roles/project.user"],
    });

  test("a GET, PATCH or DELETE, after 500, 502, 503, 504 or a cut connection", async () => {
    const effects: Effect[] = [
      ...[500, 502, 503, 504].map((status) => respond(status)),
      { kind: "drop", when: "beforeCommit" },
    ];
    const cases = effects.flatMap((effect) =>
      ["GET", "PATCH", "DELETE"].map((method) => ({ effect, method })),
    );
    await inWorlds(cases, async ({ effect, method }, world, api) => {
      const { name } = member(world);
      world.faults.add({ path: `/v2/${name}`, effect });
      if (method === "GET") await api.get(name);
      if (method === "PATCH") await api.patch(name, patchOf({ roles: ["roles/project.admin"] }));
      if (method === "DELETE") await api.delete(name);
      expect(world.calls()).toEqual([`${method} ${name}`, `${method} ${name}`]);
    });
  });

  test("a DELETE whose answer was lost, and then treats 404 as success", async () => {
    const world = await startWorld();
    const { name } = member(world);
    world.faults.add({
      method: "DELETE",
      path: `/v2/${name}`,
      effect: { kind: "drop", when: "afterCommit" },
    });
    await remove(await apiOf(world), name);
    expect(world.cloud.members.get(name)).toBeUndefined();
  });

  test("a GET that a proxy answered with a page", async () => {
    const world = await startWorld();
    world.faults.add({ path: "/v2/projects/*", effect: respond(200, html) });
    await (await apiOf(world)).get(world.projects[0]);
    expect(world.calls()).toHaveLength(2);
  });
});

describe("the client does not repeat", () => {
  test("a POST, whatever happened to it: the caller has to find out whether it took effect", async () => {
    const effects: [Effect, string][] = [
      ...[500, 502, 503, 504].map((status): [Effect, string] => [
        respond(status, { error: "oops" }),
        `${status} oops`,
      ]),
      [respond(502, html), "502 Bad Gateway"],
      [{ kind: "drop", when: "beforeCommit" }, "ECONNRESET socket hang up; check the network, and dt:apiUrl"],
      [{ kind: "drop", when: "afterCommit" }, "ECONNRESET socket hang up; check the network, and dt:apiUrl"],
      [respond(200, html), "200 not an answer from the API; check dt:apiUrl, and any proxy in between"],
    ];
    await inWorlds(effects, async ([effect, message], world, api) => {
      const path = `${world.projects[1]}/members`;
      world.faults.add({ path: `/v2/${path}`, effect });
      const error = await apiFailure(
        api.post(path, { json: { email: "x@example.com", roles: ["roles/project.user"] } }),
      );
      expect(error.message).toBe(`POST ${path}: ${message}`);
      expect(error.isAmbiguous).toBe(true);
      expect(world.calls()).toEqual([`POST ${path}`]);
    });
  });

  test("a call that the API refuses, and passes on the reason in one line", async () => {
    const refusals = [
      [400, { error: "bad\nrequest", code: 400 }, "400 bad request"],
      [404, { error: { code: 404, message: "nested" } }, "404 nested"],
      [409, { code: "409", message: "grpc" }, "409 grpc"],
      [501, undefined, "501 Not Implemented"],
      [405, { error: "x".repeat(5000) }, `405 ${"x".repeat(299)}…`],
    ] as const;
    await inWorlds(refusals, async ([status, body, said], world, api) => {
      const [name] = world.projects;
      world.faults.add({ path: `/v2/${name}`, effect: respond(status, body) });
      const error = await apiFailure(api.get(name));
      const further = status === 404 ? `; ${notSeen(world.admin.email)}` : "";
      expect(error.message).toBe(`GET ${name}: ${said}${further}`);
      expect(error).toMatchObject({ status, method: "GET", path: name, isAmbiguous: status === 501 });
      expect(world.calls()).toEqual([`GET ${name}`]);
    });
  });

  test("a redirect, which would send the credentials elsewhere", async () => {
    const elsewhere = await serve((_request, response) => response.end("{}"));
    await inWorlds(["GET", "POST"] as const, async (method, world, api) => {
      const headers = { Location: `${elsewhere.url}/v2/stolen` };
      world.faults.add({
        path: "/v2/**",
        times: "untilCleared",
        effect: { kind: "respond", status: 307, headers },
      });
      const settings = { limit: 1 };
      const call =
        method === "GET" ? api.get(world.projects[0], { retry: settings }) : api.post(world.projects[0]);
      expect((await failureOf(call)).message).toBe(
        `${method} ${world.projects[0]}: 307 not an answer from the API; check dt:apiUrl, and any proxy in between`,
      );
    });
    expect(elsewhere.requests()).toBe(0);
  });
});

describe("a 429", () => {
  test("holds all callers, not only the one that received it, for the given time", async () => {
    const told = [
      [{ seconds: 1 }, 1000],
      // A date has whole seconds.
      [{ seconds: 2, as: "date" }, 1000],
      [undefined, 750],
    ] as const;
    await Promise.all(
      told.map(async ([retryAfter, leastMs]) => {
        const world = await startWorld();
        // One at a time, so that all others still wait when the first is refused.
        const api = await apiOf(world, { "dt:rateLimit": "1/0.3" });
        const [name] = world.projects;
        const refusal: Effect = { kind: "respond", status: 429, ...(retryAfter ? { retryAfter } : {}) };
        world.faults.add({ path: `/v2/${name}`, effect: refusal });
        await Promise.all([api.get(name), api.get(world.projects[1]), api.get(name)]);
        const [refused, ...others] = world.requests.filter(({ path }) => path.startsWith("/v2/"));
        expect(refused?.status).toBe(429);
        expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
        for (const { time } of others)
          expect(time.getTime() - refused!.time.getTime()).toBeGreaterThanOrEqual(leastMs - 20);
      }),
    );
  });

  test.each(["99999999999999999999", "2592000", "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "that asks to wait extremely long (%s) holds all callers, and each fails at once with an explanation",
    async (retryAfter) => {
      const world = await startWorld();
      const server = await serve((_request, response) =>
        response.writeHead(429, { "Retry-After": retryAfter }).end("{}"),
      );
      const api = await apiOf(world, { "dt:apiUrl": `${server.url}/v2`, "dt:rateLimit": "1/0.2" });
      const calls = [1, 2, 3].map((number) => apiFailure(api.get(`projects/p${number}`)));
      const [refused, ...others] = (await Promise.all(calls)).map(({ message }) => message);
      expect(refused).toContain("429 Too Many Requests; the rate limit is exhausted");
      for (const message of others)
        expect(message).toMatch(/not sent within 300 s .*; the API asks to wait until \d{4}-\d\d-\d\dT/);
      expect(server.requests()).toBe(1);
    },
  );

  test.each(["0", "-5", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "1e400", "0xffffff", ""])(
    "without a valid time to wait (%s) makes the client retry more and more slowly",
    async (retryAfter) => {
      const world = await startWorld();
      const server = await serve((_request, response) =>
        response.writeHead(429, { "Retry-After": retryAfter }).end("{}"),
      );
      const hurry = { "dt:retryDelay": "0.1", "dt:deadline": "2", "dt:rateLimit": "off" };
      const api = await apiOf(world, { "dt:apiUrl": `${server.url}/v2`, ...hurry });
      await Promise.all(Array.from({ length: 10 }, () => apiFailure(api.get("projects/p"))));
      // After about 0, 0.1, 0.3, 0.7 and 1.5 seconds.
      expect(server.requests()).toBeLessThanOrEqual(10 * 6);
    },
  );

  test("makes a POST wait, too, because the API has changed nothing", async () => {
    const world = await startWorld();
    const api = await apiOf(world);
    const path = `${world.projects[0]}/serviceaccounts`;
    world.faults.add({
      path: `/v2/${path}`,
      effect: { kind: "respond", status: 429, retryAfter: { seconds: 0 } },
    });
    await api.post(path, { json: { displayName: "ERP" } });
    expect(world.calls()).toEqual([`POST ${path}`, `POST ${path}`]);
  });

  test("that asks for more time than a call has is an error that names the setting", async () => {
    const world = await startWorld();
    const effect: Effect = {
      kind: "respond",
      status: 429,
      body: { error: "slow down" },
      retryAfter: { seconds: 3600 },
    };
    world.faults.add({ path: "/v2/**", effect });
    const { message } = await failureOf((await apiOf(world)).get(world.projects[0]));
    expect(message).toBe(
      `GET ${world.projects[0]}: 429 slow down; the rate limit is exhausted for longer than 300 s (DT_DEADLINE or dt:deadline): lower DT_RATE_LIMIT (or dt:rateLimit), or run again later`,
    );
  });
});

test("an API that cannot be reached is an error that names the failure and the setting with the address", async () => {
  const world = await startWorld();
  const gone = await serve(() => undefined);
  gone.close();
  const api = await apiOf(world, { "dt:apiUrl": `${gone.url}/v2` });
  const error = await apiFailure(api.post("projects/p/members"));
  expect(error.message).toMatch(
    /^POST projects\/p\/members: ECONNREFUSED connect ECONNREFUSED 127\.0\.0\.1:\d+; check the network, and dt:apiUrl$/,
  );
  expect(error.isAmbiguous).toBe(false);
});

test("fifty calls in sequence share a connection", async () => {
  const world = await startWorld();
  const server = await serve((_request, response) => response.end("{}"));
  await printed(async () => {
    const api = await apiOf(world, { "dt:apiUrl": `${server.url}/v2`, "dt:auth": "basic" });
    for (let count = 0; count < 50; count++) await api.get("projects/p");
  });
  expect(server.requests()).toBe(50);
  expect(server.connections()).toBe(1);
});
