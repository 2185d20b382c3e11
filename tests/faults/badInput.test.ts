import * as fc from "fast-check";
import type { Effect } from "../../emulator";
import { readSettings } from "../../provider/session/settings";
import { handlers, wire, type Properties } from "../provider/stack";
import { handlerOf } from "../provider/thing";
import { startWorld, type World } from "../provider/world";
import { Bench } from "./bench";
import { judge } from "./judge";
import { programOf, subjects, types } from "./subjects";
import { tally } from "./tally";

jest.setTimeout(600_000);
const runs = (numRuns: number) => ({ numRuns, endOnFailure: true });

/** Text of every kind: long, in all scripts, with characters that are special to terminals and URLs. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "\u0000",
    "\u001b[2J",
    "a\r\nb",
    "\u202e",
    "\ud800",
    "..",
    "-",
    "%2e%2e",
    "p?x=1",
    "p#x",
    "p\\..\\q",
    "__proto__",
    "toString",
  ),
  fc
    .constantFrom("a", "@", ".", "x@", "-", "\u{1f600}", "ab@c.")
    .chain((unit) => fc.constantFrom(unit.repeat(100_000), unit.repeat(300))),
);

/** Expects a readable message: words, without escape sequences and without a stack trace. */
function expectReadable(message: string): void {
  expect(message.length).toBeLessThanOrEqual(4100);
  // eslint-disable-next-line no-control-regex -- the test looks for control characters
  expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(message).not.toMatch(/^\s+at .*:\d+:\d+/m);
}

describe("the handler, for any inputs of a program,", () => {
  let world: World;
  beforeAll(async () => void (world = await startWorld()));

  const known: Readonly<Record<string, readonly string[]>> = {
    serviceAccount: ["project", "displayName", "enableBasicAuth", "adopt", "allowLockout"],
    serviceAccountKey: [
      "serviceAccount",
      "rotationTriggers",
      "rotateAfter",
      "overlap",
      "retirement",
      "adopt",
      "secret",
    ],
    projectRoleBinding: ["project", "member", "role", "adopt", "allowLockout"],
    orgAdminBinding: ["organization", "member", "role", "adopt", "allowLockout"],
    keyRetirement: ["serviceAccount", "keyId", "createTime", "previousKeyId", "overlap"],
    projectAccess: ["project", "members", "mode", "ignore"],
    organizationAccess: ["organization", "members", "mode", "ignore"],
  };
  const value = fc.oneof(
    { weight: 3, arbitrary: text },
    fc.jsonValue() as fc.Arbitrary<unknown>,
    fc.constantFrom<unknown>(
      "projects/p",
      "organizations/o",
      "a@b.cd",
      "project.user",
      "24h",
      true,
      "projects/p/serviceaccounts/s",
    ),
  );

  test.each(Object.keys(known))(
    "of %s reports each wrong input in a sentence, or returns the inputs unchanged",
    async (type) => {
      const handler = handlers(world.settingsOf())[type as "serviceAccount"];
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...known[type]!) }, text), value, {
            maxKeys: 6,
          }),
          async (inputs) => {
            const before = performance.now();
            const { inputs: checked, failures } = await handler.check({}, wire({ ...inputs }));
            // A pattern that is slow on long text would exceed this limit.
            expect(performance.now() - before).toBeLessThan(2000);
            for (const { property, reason } of failures) {
              expect(property).toBe("");
              expect(reason.trim()).not.toBe("");
              expectReadable(reason);
            }
            if (failures.length > 0) return;
            expect(await handler.check({}, wire(checked))).toEqual({ inputs: checked, failures: [] });
            for (const id of [checked.keyId, checked.previousKeyId])
              if (typeof id === "string" && id !== "")
                expect(new URL(`https://h/keys/${id}`).pathname).toBe(`/keys/${id}`);
            for (const name of ["project", "organization", "serviceAccount"] as const) {
              if (typeof checked[name] === "string")
                expect(new URL(`https://h/v2/${checked[name]}`).pathname).toBe(`/v2/${checked[name]}`);
            }
          },
        ),
        runs(150),
      );
      tally({ group: "bad input", passed: true });
    },
  );
});

test("any settings are either correct, or a sentence names the wrong one without the secret", () => {
  const names = [
    ...["DT_API_KEY_ID", "DT_OIDC_EMAIL", "DT_API_URL", "DT_OIDC_TOKEN_ENDPOINT", "DT_AUTH", "DT_RATE_LIMIT"],
    ...["DT_RETRY_DELAY", "DT_REQUEST_TIMEOUT", "DT_DEADLINE", "DT_ALLOW_INSECURE", "DT_AS_OF"],
  ];
  const likely = fc.constantFrom(
    "https://api.example.com/v2",
    "http://example.com",
    "http://localhost:1/v2",
    "oauth2",
    "basic",
    "25/5",
    "off",
    "true",
    "1",
    "-1",
    "0",
    "1e9",
    "NaN",
  );
  const secret = "c0ffee00c0ffee00c0ffee00c0ffee00";
  const environments = fc.dictionary(fc.constantFrom(...names), fc.oneof(text, likely), { maxKeys: 6 });
  fc.assert(
    fc.property(environments, fc.boolean(), (environment, isExplicit) => {
      const config = isExplicit ? { "dt:explicit": "true", "dt:keySecret": secret } : {};
      const get = (key: string) => (config as Record<string, string | undefined>)[key];
      try {
        const settings = readSettings(get, { ...environment, DT_API_KEY_SECRET: secret });
        for (const url of [settings.apiUrl, settings.tokenEndpoint].filter(Boolean))
          expect(
            /^https:|^http:\/\/(127|localhost|\[::1\])/.test(url) ||
              ["true", "1"].includes(environment.DT_ALLOW_INSECURE?.trim() ?? ""),
          ).toBe(true);
        for (const number of [settings.retryDelay, settings.requestTimeout, settings.deadline])
          expect(number).toBeGreaterThan(0);
      } catch (error) {
        const { message } = error as Error;
        expect(message).toMatch(/DT_[A-Z_]+|dt\.Provider|dt:/);
        expect(message).not.toContain(secret);
      }
    }),
    runs(500),
  );
  tally({ group: "bad input", passed: true });
});

test("any value of any type that is thrown inside reaches the user as a message", async () => {
  const world = await startWorld();
  const outs = { label: "a", place: "b", isOpen: true, serial: "s", apiUrl: world.url };
  const anything = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    }),
    text.map((message) => new Error(message)),
    fc
      .anything()
      .map((message) =>
        Object.assign(new Error("x"), { message, id: "1", reasons: ["r"], metadata: 1, code: {} }),
      ),
    fc
      .constantFrom<() => unknown>(
        () => Symbol("s"),
        () => () => 1,
        () => new Proxy({}, { get: () => { throw new Error("trap"); } }), // prettier-ignore
        () => Object.freeze(new Error("frozen")),
      )
      .map((make) => make()),
  );
  const methods = ["create", "read", "update", "delete"] as const;
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom(...methods), async (thrown, method) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries may throw any value
      const handler = handlerOf(world, { [method]: () => Promise.reject(thrown) });
      const act: Readonly<Record<(typeof methods)[number], () => Promise<unknown>>> = {
        create: () => handler.create(outs),
        read: () => handler.read("1", outs),
        update: () => handler.update("1", outs, { ...outs, label: "c" }),
        delete: () => handler.delete("1", outs),
      };
      const error: unknown = await act[method]().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Error);
      const { message, stack } = error as Error;
      expect(message.trim()).not.toBe("");
      expect(stack).toBe("");
      expectReadable(message);
      // Pulumi would treat any other key as a created resource.
      expect(Object.keys(error as Error)).toEqual([]);
    }),
    runs(500),
  );
  tally({ group: "bad input", passed: true });
});

/** Statuses that say that the API has changed nothing. */
const refusals = [
  400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 428, 429, 431, 451,
];

test("any answer of the API leads to a clear error or the correct result, and nothing is lost or half-written", async () => {
  const bench = await Bench.start();
  const body = fc.oneof(
    fc.json(),
    text,
    fc.constantFrom<unknown>(
      undefined,
      "",
      "{}",
      "null",
      "[]",
      "<html></html>",
      '{"error":{"code":"409"}}',
      '{"error":7,"code":"x"}',
    ),
    fc.record({ error: fc.oneof(text, fc.jsonValue()), code: fc.oneof(fc.integer(), text), help: text }),
    fc.record(
      {
        name: text,
        email: text,
        roles: fc.array(text),
        key: fc.record({ name: text, id: text }),
        secret: text,
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        nextPageToken: fc.oneof(text, fc.integer()),
        members: fc.jsonValue(),
        keys: fc.jsonValue(),
        serviceAccounts: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );
  const header = fc.constantFrom<Record<string, string>>(
    {},
    ...["0", "-1", "soon", "1e400", "Thu, 01 Jan 1970 00:00:00 GMT", ""].map((after) => ({
      "Retry-After": after,
    })),
    { Date: "yesterday" },
    { "Content-Type": "text/plain" },
    { Location: "https://example.com/" },
  );
  const answers = fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 201, 204, 301, 400, 401, 403, 404, 405, 409, 412, 429, 500, 503),
      fc.integer({ min: 200, max: 599 }),
    ),
    body,
    headers: header,
    when: fc.constantFrom("beforeCommit" as const, "afterCommit" as const),
    times: fc.integer({ min: 1, max: 3 }),
  });
  const operations = ["create", "update", "refresh", "delete"] as const;
  await fc.assert(
    fc.asyncProperty(
      answers,
      fc.constantFrom(...types),
      fc.constantFrom(...operations),
      fc.constantFrom("POST", "GET", "PATCH", "DELETE", "TOKEN"),
      async (answer, type, operation, method) => {
        const scene = bench.scene();
        const subject = subjects[type](scene);
        const changed: Properties = {
          project: { labels: { customer: "c" } },
          serviceAccount: { displayName: "ERP 2" },
          serviceAccountKey: { rotationTriggers: { round: "2" } },
          projectRoleBinding: { role: "project.admin" },
          orgAdminBinding: {},
        }[type];
        const before = programOf(
          subject,
          type === "serviceAccountKey" ? { rotationTriggers: { round: "1" } } : {},
        );
        const after =
          operation === "update" ? programOf(subject, changed) : operation === "delete" ? {} : before;
        await judge(scene, "bad answers", async () => {
          if (operation !== "create") expect((await scene.up(before)).failure).toBe("");
          const { times, ...rest } = answer;
          // No client can handle an API that makes a change and reports a refusal, or reports a deletion that
          // it has not made.
          const isDeleted = method === "DELETE" && rest.status < 300;
          const when = refusals.includes(rest.status)
            ? "beforeCommit"
            : isDeleted
              ? "afterCommit"
              : rest.when;
          const effect: Effect = { kind: "respond", ...rest, when };
          const path = method === "TOKEN" ? "/oauth2/token" : `/v2/{project}/**`;
          for (const place of method === "TOKEN"
            ? [path]
            : [`/v2/${scene.home}/**`, `/v2/${scene.world.organization}/members**`])
            scene.world.faults.add({
              method: method === "TOKEN" ? "POST" : method,
              path: place,
              effect,
              times,
            });
          const started = performance.now();
          const { failure } = operation === "refresh" ? await scene.refresh() : await scene.up(after);
          expectReadable(failure);
          expect(performance.now() - started).toBeLessThan(30_000);
          await scene.calm();
          for (let count = 0; count < 2; count++) {
            await scene.refresh();
            await scene.up(after);
          }
          const last = await scene.up(after);
          expect({ failure: last.failure, held: Object.keys(scene.stack.state) }).toEqual({
            failure: "",
            held: Object.keys(after),
          });
        });
      },
    ),
    runs(120),
  );
});
