import fc from "fast-check";
import type { Unknowns } from "../../emulator";
import { unknownsTable } from "../../emulator/unknownsTable";
import { assertion, grant } from "./login";
import { raw, rawRequest } from "./raw";
import { scene, type Scene } from "./scene";

// No request whatever is answered with 500, or ends the emulator. Each property prints the seed of what fails.

let made: Scene;
let bearer: string;
const internal: string[] = [];
beforeAll(async () => {
  made = await scene({ log: (line) => line.startsWith("internal error") && internal.push(line) });
  const { body } = await grant(made.emulator, await assertion(made.emulator, made.emulator.admin));
  bearer = `Bearer ${String(body["access_token"])}`;
});
afterEach(async () => {
  made.emulator.reset();
  const { status } = await fetch(`${made.emulator.url}/roles`, { headers: { authorization: bearer } });
  expect([status, internal]).toEqual([200, []]);
});
afterAll(() => made.emulator.close());

const runs = { numRuns: 300 };
const method = fc.constantFrom("GET", "POST", "POST", "PATCH", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS");
/** Texts that may stand in a request line. */
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const served = [
  ..."projects organizations roles projects:batchUpdate projects/- roles/project.user organizations/O".split(
    " ",
  ),
  ...["", "/M", "/M:getInviteUrl", "%3AbatchCreate", ":batchCreate", ":batchDelete"].flatMap((end) =>
    ["projects/P", "projects/-", "organizations/O"].map((scope) => `${scope}/members${end}`),
  ),
  ...["", "/serviceaccounts", "/serviceaccounts/S", "/serviceaccounts/S/keys", "/permissions"].map(
    (end) => `projects/P${end}`,
  ),
];

/** Names of what is there and of what is not, in good order and in bad; a capital stands for something that exists. */
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...served) },
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ..."projects organizations serviceaccounts keys members roles permissions - none P O S M".split(
            " ",
          ),
          ..."members:batchCreate 9201:getInviteUrl members%3AbatchCreate %2e%2e .. %2F %00".split(" "),
        ),
        visible.map((text) => encodeURIComponent(text)),
      ),
      { maxLength: 6 },
    )
    .map((segments) => segments.join("/")),
);

/** The path with names of things that exist in the place of capitals. */
function named(text: string): string {
  const { organization, emulator } = made;
  const ids: Record<string, string> = {
    P: emulator.admin.name.split("/")[1] ?? "",
    O: organization.split("/")[1] ?? "",
    S: emulator.admin.name.split("/").at(-1) ?? "",
    M: emulator.cloud.members.list(organization)[0]?.name.split("/").at(-1) ?? "",
  };
  return text
    .split("/")
    .map((segment) => segment.replace(/^[POSM]\b/, (letter) => ids[letter] ?? letter))
    .join("/");
}

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ..."pageSize page_size pageToken page_token memberId organization email query update_mask updateMask x".split(
          " ",
        ),
      ),
      fc.oneof(
        visible,
        fc.integer().map(String),
        fc.constantFrom("", "organizations/O", "W10", "display_name"),
      ),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&"));

/** Values for the fields that calls read, right and wrong, and anything else. */
const body = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .record(
      {
        displayName: fc.oneof(fc.string(), fc.jsonValue()),
        enableBasicAuth: fc.oneof(fc.boolean(), fc.jsonValue()),
        email: fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: "binary" }).map((text) => `${text}@x.no`),
          fc.jsonValue(),
        ),
        roles: fc.oneof(
          fc.constantFrom(["roles/project.user"], ["roles/organization.admin"], []),
          fc.jsonValue(),
        ),
        organization: fc.oneof(fc.constant("O"), fc.jsonValue()),
        location: fc.oneof(
          fc.record({ latitude: fc.jsonValue(), timeLocation: fc.jsonValue() }),
          fc.jsonValue(),
        ),
        members: fc.oneof(
          fc.array(
            fc.record({
              project: fc.constantFrom("P", "projects/-"),
              email: fc.emailAddress(),
              roles: fc.jsonValue(),
            }),
          ),
          fc.jsonValue(),
        ),
        names: fc.oneof(
          fc.array(fc.constantFrom("P/members/9201", "P/members/-", "O/members/9201")),
          fc.jsonValue(),
        ),
        projects: fc.oneof(fc.array(fc.constantFrom("P", "projects/none")), fc.jsonValue()),
        addLabels: fc.jsonValue(),
        removeLabels: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields)),
);

const filled = (text: string): string =>
  text.replaceAll('"P', `"${made.project}`).replaceAll('"O', `"${made.organization}`);

const answers = fc.record(
  Object.fromEntries(
    Object.entries(unknownsTable).map(([name, entry]) => [
      name,
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(entry.default) },
        "values" in entry ? fc.constantFrom<unknown>(...entry.values) : fc.constant(1),
      ),
    ]),
  ),
);

test("bytes that are no HTTP, or nearly", () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        fc.tuple(fc.string(), fc.string(), fc.string()).map((parts) => Buffer.from(parts.join("\r\n"))),
        fc
          .tuple(method, fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.string())
          .map(([verb, target, host, rest]) =>
            Buffer.from(`${verb} /v2/${target} HTTP/1.1\r\nHost: ${host}\r\n${rest}\r\n\r\n`),
          ),
      ),
      async (bytes) => {
        expect((await raw(made.emulator, bytes))?.status ?? 0).toBeLessThan(500);
      },
    ),
    runs,
  ));

test("any method, target, Host and header that HTTP allows", () =>
  fc.assert(
    fc.asyncProperty(
      method,
      fc.oneof(
        visible.map((text) => `/${text}`),
        visible.map((text) => `http://${text}`),
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        visible.map((text) => `/v2/${text}`),
        visible.map((text) => `/_emulator/${text}`),
        fc.constant("*"),
      ),
      fc.oneof(
        fc.constant("127.0.0.1"),
        visible,
        fc.domain(),
        fc.ipV6().map((address) => `[${address}]`),
      ),
      fc.dictionary(
        fc.constantFrom("Authorization", "Content-Type", "Origin", "Expect", "Upgrade", "X"),
        visible,
      ),
      async (verb, target, Host, headers) => {
        const reply = await rawRequest(made.emulator, `${verb} ${target}`, { ...headers, Host });
        expect(reply?.status ?? 0).toBeLessThan(500);
      },
    ),
    runs,
  ));

test("any call of the API with any query and body, under any answers to the open questions", () =>
  fc.assert(
    fc.asyncProperty(method, path, query, body, answers, async (verb, names, search, text, given) => {
      Object.assign(made.emulator.unknowns, given as Partial<Unknowns>);
      const hasBody = verb !== "GET" && verb !== "HEAD";
      const response = await fetch(`${made.emulator.url}/${named(names)}?${search}`, {
        method: verb,
        headers: { authorization: bearer },
        ...(hasBody ? { body: filled(text) } : {}),
      });
      // 501 is one of the answers to what is not served.
      expect(response.status === 501 ? 0 : response.status).toBeLessThan(500);
      await response.arrayBuffer();
      made.emulator.reset();
    }),
    { numRuns: 1000 },
  ));

const jwt = fc
  .record(
    {
      alg: fc.oneof(fc.constantFrom("HS256", "none", "RS256"), fc.jsonValue()),
      kid: fc.oneof(fc.constant("K"), fc.jsonValue()),
      b64: fc.jsonValue(),
      crit: fc.jsonValue(),
      iss: fc.jsonValue(),
      aud: fc.jsonValue(),
      iat: fc.jsonValue(),
      exp: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((fields) => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part(fields)}.${part(fields)}.${part("signature")}`;
  });

test("any login", () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(jwt, fc.string(), fc.constant("")),
      fc.constantFrom("urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials", "", "x"),
      fc.oneof(
        visible,
        fc.base64String().map((text) => `Basic ${text}`),
      ),
      async (assertionText, grantType, authorization) => {
        made.emulator.unknowns.clientCredentialsGrant = "accepted";
        const { status } = await fetch(made.emulator.tokenEndpoint, {
          method: "POST",
          headers: { authorization },
          body: new URLSearchParams({ grant_type: grantType, assertion: assertionText }),
        });
        expect(status).toBe(400);
      },
    ),
    runs,
  ));

/** Orders to the control, near those that it knows. */
const order = fc.tuple(
  fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT"),
  fc.oneof(
    fc.constantFrom(
      "clock",
      "unknowns",
      "faults",
      "faults/1",
      "reset",
      "requests",
      "state",
      "cloud:acceptInvitation",
      "",
    ),
    fc
      .array(
        fc.constantFrom(
          "cloud",
          "projects",
          "P",
          "organizations",
          "O",
          "members",
          "users",
          "9201",
          "mails",
          "keys",
          "serviceaccounts",
          "S",
        ),
        { maxLength: 6 },
      )
      .map((segments) => ["cloud", ...segments].join("/")),
  ),
  fc.oneof(
    body,
    fc
      .record(
        {
          now: fc.oneof(
            fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
            fc.jsonValue(),
          ),
          advanceMs: fc.oneof(fc.double({ noNaN: true }), fc.jsonValue()),
          frozen: fc.oneof(fc.boolean(), fc.jsonValue()),
        },
        { requiredKeys: [] },
      )
      .map((fields) => JSON.stringify(fields)),
    fc
      .record(
        { path: fc.constant("/v2/never"), effect: fc.jsonValue(), times: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((fields) => JSON.stringify(fields)),
    fc
      .record({ email: fc.constant("a@x.no"), createTime: fc.jsonValue(), status: fc.string() })
      .map((fields) => JSON.stringify(fields)),
  ),
);

test("any order to the control, and the API after it", () =>
  fc.assert(
    fc.asyncProperty(fc.array(order, { maxLength: 5 }), async (orders) => {
      const { emulator } = made;
      for (const [verb, where, text] of orders) {
        const response = await fetch(`${emulator.url.replace("/v2", "/_emulator")}/${named(where)}`, {
          method: verb,
          ...(verb === "GET" ? {} : { body: filled(text) }),
        });
        expect(response.status).toBeLessThan(500);
        await response.json();
      }
      for (const list of [
        "projects",
        "projects/-/members",
        `${made.project}/serviceaccounts`,
        "organizations",
      ]) {
        const { status } = await fetch(`${emulator.url}/${list}`, { headers: { authorization: bearer } });
        expect(status === 501 ? 0 : status).toBeLessThan(500);
      }
      emulator.reset();
    }),
    { numRuns: 500 },
  ));
