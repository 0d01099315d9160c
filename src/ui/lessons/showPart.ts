/** Scrolling to a named part of the page. */
import { partSelector } from '../../lessons/frame/parts.ts';

/** Brings a part into view; false when it is not on the page. */
export function showPart(part: string): boolean {
  const element = document.querySelector(partSelector(part));
  if (!element) return false;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const low = element.getBoundingClientRect().height < innerHeight * 0.5 && innerWidth > 900;
  element.scrollIntoView({ block: low ? 'center' : 'start', behavior: still ? 'auto' : 'smooth' });
  return true;
}
