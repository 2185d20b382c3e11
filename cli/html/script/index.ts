import { contents } from "./contents.js";
import { filters } from "./filters.js";
import { items } from "./items.js";
import { list } from "./list.js";
import { matrix } from "./matrix.js";
import { start } from "./start.js";

/**
 * The page's script. It draws the part of the contents that is in view, and shows what the filters select. It puts all
 * foreign text into the page as text, never as markup.
 */
export const script = `
"use strict";
(() => {
${[contents, filters, items, matrix, list, start].join("\n")}
})();
`;
