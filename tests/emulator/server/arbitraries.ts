import fc from "fast-check";
import { unknownsTable } from "../../../emulator/unknowns/unknownsTable";

// Valid, almost valid and invalid requests. A capital P, O, S or M stands for the id of an existing resource.

/** Methods. Those with a body are more frequent. */
export const method = fc.constantFrom(
  "GET",
  "POST",
  "POST",
  "PATCH",
  "PATCH",
  "DELETE",
  "PUT",
  "HEAD",
  "OPTIONS",
);
/** Texts that can occur in a request line. */
export const visible = fc.string({
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

/** Names of existing and missing resources, well-formed and malformed. */
export const path = fc.oneof(
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

/** Query parameters of lists and changes. */
export const query = fc
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

/** Valid and invalid values for the fields of bodies, and any other JSON. */
export const body = fc.oneof(
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

/** Values of switches, mostly the defaults. */
export const answers = fc.record(
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

/** Assertions with any header and claims. */
export const jwt = fc
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

/** Requests to the control, similar to valid ones. */
export const order = fc.tuple(
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
