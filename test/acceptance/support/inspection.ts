/** Checks of a page as a person without sight, with low sight or with a small screen meets it. */
import { expect } from 'bun:test';
import type { Page } from 'playwright-core';

/** Roles a person operates or has described; each needs a name (WCAG 2.2, 1.1.1 and 4.1.2). */
const NAMED = ['button', 'textbox', 'radio', 'link', 'img', 'image', 'meter', 'dialog'];

/** Shows what a page keeps folded. */
export function openDetails(page: Page): Promise<void> {
  return page.$$eval('details', (all) => all.forEach((one) => one.setAttribute('open', '')));
}

/** Elements of the accessibility tree that have no name, as "role". */
export async function unnamed(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter((node) => !node.ignored && NAMED.includes(node.role?.value))
    .filter((node) => !node.name?.value)
    .map((node) => node.role?.value);
}

/** Faults of the document's structure, in words; none for a sound one. */
export function structureFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const ids = all('[id]').map(({ id }) => id);
    for (const id of new Set(ids)) {
      if (ids.filter((other) => other === id).length > 1) faults.push(`id ${id} twice`);
    }
    for (const name of ['for', 'aria-labelledby', 'aria-describedby']) {
      for (const element of all(`[${name}]`)) {
        for (const id of element.getAttribute(name)?.split(' ') ?? []) {
          if (!ids.includes(id)) faults.push(`${name}="${id}" leads nowhere`);
        }
      }
    }
    if (document.documentElement.lang === '') faults.push('no language');
    for (const tag of ['main', 'h1']) if (all(tag).length !== 1) faults.push(`not one ${tag}`);
    let previous = 0;
    for (const heading of all('h1, h2, h3').filter((h) => h.checkVisibility())) {
      const level = Number(heading.tagName[1]);
      if (level > previous + 1) faults.push(`heading "${heading.textContent}" skips a level`);
      previous = level;
    }
    for (const target of all('button, summary, .segments label')) {
      const { width, height } = target.getBoundingClientRect();
      if (target.checkVisibility() && Math.min(width, height) < 24) {
        faults.push(`"${target.textContent}" is ${width}x${height}, smaller than 24x24`);
      }
    }
    return faults;
  });
}

/** Visible texts under the contrast of WCAG 2.2, 1.4.3 (4.5:1, large 3:1), with their ratio. */
export function weakContrasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Rgba = [number, number, number, number];
    // The canvas knows every colour syntax the browser knows.
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    const parse = (color: string): Rgba => {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const luminance = (color: Rgba): number => {
      const [r, g, b] = color.slice(0, 3).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element: Element | null): Rgba => {
      for (let at = element; at !== null; at = at.parentElement) {
        const color = parse(getComputedStyle(at).backgroundColor);
        if (color[3] === 1) return color;
        if (color[3] > 0) throw new Error('half-transparent background under text');
      }
      return [255, 255, 255, 1];
    };
    const weak: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? '';
      const element = walker.currentNode.parentElement;
      if (text === '' || !element?.checkVisibility() || element.closest('noscript, .spoken')) {
        continue;
      }
      const style = getComputedStyle(element);
      const [light, dark] = [luminance(parse(style.color)), luminance(background(element))]
        .sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)}: ${text}`);
    }
    return weak;
  });
}

/** Pixels by which the page is wider than the screen. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/**
 * Holds a page against all of it, in light and dark.
 * @param name of the screenshots that go into the folder of the variable SCREENSHOTS, if it is set
 */
export async function expectUsable(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await weakContrasts(page)).toEqual([]);
    const { SCREENSHOTS: folder } = process.env;
    if (folder) {
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
    }
  }
  expect(await unnamed(page)).toEqual([]);
  expect(await structureFaults(page)).toEqual([]);
  expect(await overflowPx(page)).toBe(0);
}
