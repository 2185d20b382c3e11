import { registerSecret, redact, redactGiven } from "../../../../provider/api/text/redact";

test.each([
  "plain0words",
  'a "quoted"\\one',
  "wörd/with+signs&=%",
  "with a space",
  "two\nlines",
  "$&.*[regular]",
])("a credential such as %p is seen in no spelling in which somebody else's text may hold it", (secret) => {
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

test("a short credential that begins a long one does not leave the rest of that to be read", () => {
  registerSecret("first");
  registerSecret("first-and-last");
  expect(redact("it is first-and-last")).toBe("it is [secret]");
});

test("what a user has given and looks like a key's secret is hidden, though nobody has named it", () => {
  expect(redactGiven("must be an email address, not 0123456789abcdef0123456789abcdef")).toBe(
    "must be an email address, not [secret]",
  );
});

test("an id that looks like a secret is shown: whoever is to remove an orphan needs it", () => {
  const name = "projects/p/serviceaccounts/s/keys/0123456789abcdef0123456789abcdef";
  expect(redact(`remove ${name}`)).toBe(`remove ${name}`);
});
