const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Foreign text in Markdown, without any markup. */
export const markdownText = (foreign: string): string =>
  foreign
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/[\\`*_{}[\]#|~@!]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/**
 * A code element. Its text can't become a mention, a link or markup. Backticks would allow text to end the code span.
 */
export const markdownCode = (foreign: string): string => `<code>${markdownText(foreign)}</code>`;
