/** Gives a figure away as a file: SVG and PNG of what is on screen, CSV of the numbers behind it. */

/** Offers bytes or text as a download. */
export function download(name: string, type: string, content: BlobPart) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** "Held-out pass rate" becomes "held-out-pass-rate". */
export const fileName = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** A table as JSON: one object per row, named by the head. */
export function json(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const objects = rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** An SVG document drawn into a PNG at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('The browser could not make a PNG of this figure.')),
    ),
  );
}

const painted = [
  'fill',
  'stroke',
  'opacity',
  'font',
  'stroke-width',
  'stroke-dasharray',
  'fill-opacity',
  'text-anchor',
];

/** What a canvas behind an SVG element shows, as an image in the same place. */
function imageOf(canvas: HTMLCanvasElement, element: SVGSVGElement): SVGImageElement {
  const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
  const [box, base] = [canvas.getBoundingClientRect(), element.getBoundingClientRect()];
  const place = { x: box.left - base.left, y: box.top - base.top, width: box.width, height: box.height };
  for (const [key, value] of Object.entries(place)) image.setAttribute(key, String(value));
  image.setAttribute('preserveAspectRatio', 'none');
  image.setAttribute('href', canvas.toDataURL());
  return image;
}

/** An SVG element of the page as a document of its own: the styles that came from style sheets are written in. */
export function standaloneSvg(element: SVGSVGElement, title: string): string {
  const copy = element.cloneNode(true) as SVGSVGElement;
  const originals = [element, ...element.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  originals.forEach((original, index) => {
    const style = getComputedStyle(original);
    copies[index].setAttribute(
      'style',
      painted.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';'),
    );
  });
  const { width, height } = element.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  if (!copy.getAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const canvas of element.parentElement?.querySelectorAll('canvas') ?? [])
    copy.prepend(imageOf(canvas, element));
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  copy.prepend(name);
  return new XMLSerializer().serializeToString(copy);
}
