import fc from "fast-check";
import type { Unknowns } from "../../../emulator";
import { answers, body, jwt, method, order, path, query, visible } from "./arbitraries";
import { assertion, grant } from "../login";
import { raw, rawRequest } from "../raw";
import { scene, type Scene } from "../scene";

// No request gets a 500 or ends the emulator. A failed property prints its seed.

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
/** Replaces capital letters in a path by the ids of existing resources. */
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

const filled = (text: string): string =>
  text.replaceAll('"P', `"${made.project}`).replaceAll('"O', `"${made.organization}`);

test("bytes that are not HTTP, or almost", () =>
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

test("any call of the API with any query and body, with any switches", () =>
  fc.assert(
    fc.asyncProperty(method, path, query, body, answers, async (verb, names, search, text, given) => {
      Object.assign(made.emulator.unknowns, given as Partial<Unknowns>);
      const hasBody = verb !== "GET" && verb !== "HEAD";
      const response = await fetch(`${made.emulator.url}/${named(names)}?${search}`, {
        method: verb,
        headers: { authorization: bearer },
        ...(hasBody ? { body: filled(text) } : {}),
      });
      // 501 is a valid answer to an unsupported method.
      expect(response.status === 501 ? 0 : response.status).toBeLessThan(500);
      await response.arrayBuffer();
      made.emulator.reset();
    }),
    { numRuns: 1000 },
  ));

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

test("any request to the control, and the API after it", () =>
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
