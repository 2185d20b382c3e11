import { registerSecret, redact, redactGiven } from "../../../../provider/api/text/redact";

test.each([
  "plain0words",
  'a "quoted"\\one',
  "wörd/with+signs&=%",
  "with a space",
  "two\nlines",
  "$&.*[regular]",
])("a credential such as %p is hidden in every spelling in which foreign text may contain it", (secret) => {
  registerSecret(secret);
  const spellings = [
    secret,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString(),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ];
  for (const spelling of spellings) {
    const shown = redact(`before ${spelling} after`);
    expect(shown).toMatch(/^before .*\[secret\].* after$/);
    expect(shown).not.toContain(spelling.replace(/^secret=|=+$/g, ""));
  }
});

test("a short credential at the start of a long one does not leave the rest of the long one readable", () => {
  registerSecret("first");
  registerSecret("first-and-last");
  expect(redact("it is first-and-last")).toBe("it is [secret]");
});

test("a value from the user that looks like a key's secret is hidden, even if it is in the wrong place", () => {
  expect(redactGiven("must be an email address, not 0123456789abcdef0123456789abcdef")).toBe(
    "must be an email address, not [secret]",
  );
});

test("an id that looks like a secret is shown, because a person needs it to remove an orphan", () => {
  const name = "projects/p/serviceaccounts/s/keys/0123456789abcdef0123456789abcdef";
  expect(redact(`remove ${name}`)).toBe(`remove ${name}`);
});
