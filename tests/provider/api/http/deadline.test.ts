import * as v from "valibot";
import { connect } from "../../../../provider/api/http/client";
import { listAll } from "../../../../provider/api/reads/list";
import { withinDeadline } from "../../../../provider/api/http/deadline";
import { cli } from "../../../cli/command";
import { failureOf, startWorld } from "../../world";
import { serve, settingsIn } from "../wire";

const Named = v.object({ name: v.string() });

/** An API whose lists never end: each page names a next one. */
async function endless(delay = 0) {
  const world = await startWorld();
  let page = 0;
  const server = await serve((_request, response) => {
    const body = { members: [], projects: [], roles: [], organizations: [], nextPageToken: `page-${page++}` };
    setTimeout(() => response.setHeader("content-type", "application/json").end(JSON.stringify(body)), delay);
  });
  return { world, server, changes: { "dt:apiUrl": `${server.url}/v2`, "dt:deadline": "1" } };
}

test.each([
  ["at once", "off", 0],
  ["after a while", "off", 40],
  ["as fast as the rate limit lets them", "25/1", 0],
])(
  "an operation ends in time while answers keep coming %s, and sends no request after that",
  async (_, rateLimit, delay) => {
    const { world, server, changes } = await endless(delay);
    const settings = settingsIn(world, { ...changes, "dt:rateLimit": rateLimit });
    const api = await connect(settings);
    const begun = Date.now();
    const error = await failureOf(
      withinDeadline(settings.deadline, () => listAll(api, "projects/p/members", "members", Named)),
    );
    expect(Date.now() - begun).toBeLessThan(2500);
    expect(error.message).toMatch(
      /^GET projects\/p\/members: .*(not sent within|gave up after) 1 s \(dt:deadline\)/,
    );
    const asked = server.requests();
    expect(asked).toBeGreaterThan(5);
    expect(
      (await failureOf(withinDeadline(1, () => listAll(api, "projects/p/members", "members", Named))))
        .message,
    ).toMatch(/not sent within|gave up after/);
    expect(server.requests()).toBeLessThanOrEqual(asked + 1);
  },
);

test("a request that is not answered ends with its operation, although its own timeout is longer", async () => {
  const world = await startWorld();
  const server = await serve(() => undefined);
  const settings = settingsIn(world, {
    ...{ "dt:apiUrl": `${server.url}/v2`, "dt:deadline": "0.5", "dt:requestTimeout": "60" },
  });
  const api = await connect(settings);
  const begun = Date.now();
  for (const call of [() => api.get("projects/p"), () => api.post("projects/p/members")]) {
    const { message } = await failureOf(withinDeadline(settings.deadline, () => Promise.resolve(call())));
    expect(message).toMatch(/ETIMEDOUT .*gave up after 0\.5 s \(dt:deadline\)$/);
  }
  expect(Date.now() - begun).toBeLessThan(3000);
});

test("a command line tool ends in time, too", async () => {
  const { world, server } = await endless();
  const env = { ...world.settings, DT_API_URL: `${server.url}/v2`, DT_DEADLINE: "1" };
  const run = await cli(["whoami"], { env });
  expect(run).toMatchObject({ exitCode: 1, stdout: "" });
  expect(run.stderr).toMatch(/^error: .*(not sent within|gave up after) 1 s \(DT_DEADLINE\)/);
  const silent = await serve(() => undefined);
  const tokenless = { ...world.settings, DT_OIDC_TOKEN_ENDPOINT: `${silent.url}/token`, DT_DEADLINE: "1" };
  const begun = Date.now();
  expect(await cli(["whoami"], { env: tokenless })).toMatchObject({ exitCode: 1, stdout: "" });
  expect(Date.now() - begun).toBeLessThan(15_000);
});
