// The catalogues, as the server has them, and what of a page is not in the language of its readers.

import { readFile } from "node:fs/promises";

export const LANGUAGES = ["en", "de", "es", "fr", "ar"];

const read = (tag) => readFile(new URL(`../../app/words/${tag}.json`, import.meta.url), "utf8");

/** The words by language and key. */
export const WORDS = Object.fromEntries(await Promise.all(LANGUAGES.map(async (tag) => [tag, JSON.parse(await read(tag))])));

/**
 * What on this page is written in Latin letters, seen or read aloud, though it is neither a name, an address, a device's own name,
 * the name of a language in that language, nor one of `known`.
 */
export async function latinWords({ page }, known) {
  return page.evaluate((known) => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (element.closest("script, style, noscript, template, option, .link, .initials, [lang]:not(html)")) continue;
      if (node === element) texts.push(...["aria-label", "title", "placeholder", "alt"].map((name) => node.getAttribute(name) ?? ""));
      else texts.push(node.data);
    }
    const isForeign = (word) => !known.includes(word);
    return texts.flatMap((text) => text.match(/[a-z]{2,}/gi) ?? []).filter(isForeign);
  }, ["Parlour", "JavaScript", "https", "localhost", "TLS", ...known]);
}
