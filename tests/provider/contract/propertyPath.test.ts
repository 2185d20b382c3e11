import { isIgnored, parsePropertyPath } from "../../../provider/contract/propertyPath";

test.each([
  ["role", ["role"]],
  ["*", ["*"]],
  ["a.b", ["a", "b"]],
  ["roles[0]", ["roles", 0]],
  ['a["b.c"].d', ["a", "b.c", "d"]],
  ['["key with \\"quotes\\""][*]', ['key with "quotes"', "*"]],
  ['a["*"].b', ["a", "*", "b"]],
  ["foo-bar", ["foo-bar"]],
  ["a.[0]", ["a", 0]],
])("%s is read as Pulumi reads it", (text, path) => {
  expect(parsePropertyPath(text)).toEqual(path);
});

test.each([".role", "roles[", "roles[x]", 'a["b', 'a["b"x]', "a.", "a[]"])(
  "%s is not a path, and ignores nothing",
  (text) => {
    expect(parsePropertyPath(text)).toBeUndefined();
  },
);

test("A property is ignored by its own path, by that of its container, and by *; but not by that of a part of it.", () => {
  const ignores = (text: string, ...property: (string | number)[]) =>
    isIgnored([parsePropertyPath(text)!], ...property);
  expect(["role", "*", '["role"]'].map((path) => ignores(path, "role"))).toEqual([true, true, true]);
  expect(["roles", "role[0]", "role.a", "roles[0]"].map((path) => ignores(path, "role"))).toEqual(
    Array(4).fill(false),
  );
  expect(
    ["members", "members[1]", "members[*]", "*", "*[1]"].map((path) => ignores(path, "members", 1)),
  ).toEqual(Array(5).fill(true));
  expect(ignores("members[0]", "members", 1)).toBe(false);
});
