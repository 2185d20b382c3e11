import type { Column } from "./groups.js";
import type { Item } from "./items.js";
import { traits, type Cell, type Person, type Trait } from "./people.js";

/** What the script of the page draws. */
export interface Contents {
  readonly columns: readonly Column[];
  readonly people: readonly Person[];
  readonly findings: readonly Item[];
  readonly changes: readonly Item[];
}

/**
 * The contents as JSON for a script element. Texts are stored once, and everything else refers to them by position,
 * because a large page has tens of thousands of cells. `script/contents.ts` reads the same order.
 */
export function dataOf({ columns, people, findings, changes }: Contents): string {
  const texts: string[] = [];
  const positions = new Map<string, number>();
  const text = (value: string): number => {
    const known = positions.get(value);
    if (known !== undefined) return known;
    positions.set(value, texts.length);
    return texts.push(value) - 1;
  };
  text("");
  const findingOf = new Map(findings.map(({ id }, index) => [id, index + 1]));
  const finding = (id: string): number => findingOf.get(id) ?? 0;
  const cell = (each: Cell): number[] =>
    short([
      ...[each.column, text(each.sides), text(each.tone), text(each.role), each.strength],
      ...[text(each.remark), text(each.since), text(each.by), bits(each.traits), finding(each.finding)],
    ]);
  const rows = people.map((person) => [
    ...[person.name, person.email, person.id, person.isAccount ? 1 : 0, person.remark],
    ...[bits(person.traits), person.rank, finding(person.finding), person.cells.map(cell)],
    person.keys.map((key) => [key.id, key.days, key.text, key.tone, finding(key.finding)]),
  ]);
  const lines = (items: readonly Item[]): (number | string)[][] =>
    items.map(({ tone, tag, title, where, text: what, by, id }) => [
      ...[tone, tag, title, where, what, by].map(text),
      id,
    ]);
  const lists = { findings: lines(findings), changes: lines(changes) };
  const heads = columns.map(({ name, title, group }) => [name, title, group]);
  return inScript({ texts, columns: heads, people: rows, ...lists, traits });
}

/** The traits as the bits of a number. */
const bits = (fitting: readonly Trait[]): number =>
  fitting.reduce((sum, trait) => sum | (1 << traits.indexOf(trait)), 0);

/** Without the zeros at the end, which most cells have. */
function short(numbers: number[]): number[] {
  while (numbers.at(-1) === 0) numbers.pop();
  return numbers;
}

/** JSON that can't end its script element, because it has no `<`. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll("<", String.raw`\u003c`);
