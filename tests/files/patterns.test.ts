import { emailMatcher, nameMatcher } from "../../files/patterns";

test("A pattern with a leading ! does not match everybody else, neither for emails nor for names.", () => {
  for (const pattern of ["!*@vendor.example", "!jane@example.com", "!(jane)@example.com"])
    expect(emailMatcher([pattern])("joe@example.com")).toBe(false);
  for (const pattern of ["!projects/p/**", "!projects/p/serviceaccounts/s", "projects/!(p)/members/m"])
    expect(nameMatcher([pattern])("projects/q/members/m")).toBe(false);
  expect(emailMatcher(["!*@vendor.example", "*@example.com"])("joe@example.com")).toBe(true);
});

test("Emails match in upper and lower case and in any Unicode spelling; names match exactly, and * stays within one part.", () => {
  const [composed, decomposed] = ["ren\u00e9@example.com", "Rene\u0301@Example.com"];
  expect(emailMatcher([decomposed])(composed)).toBe(true);
  expect(emailMatcher(["*@EXAMPLE.com"])(decomposed)).toBe(true);
  expect(nameMatcher(["projects/P/**"])("projects/p/members/m")).toBe(false);
  expect(nameMatcher(["projects/*"])("projects/p/members/m")).toBe(false);
  expect(nameMatcher(["projects/p/**"])("projects/p/members/m")).toBe(true);
});

test("An empty list of patterns matches nothing.", () => {
  expect(emailMatcher([])("joe@example.com")).toBe(false);
});
