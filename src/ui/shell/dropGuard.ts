/**
 * A file that is dropped where nothing takes it would replace the page, and with it everything that was not saved.
 * Parts of the page that take files say so by handling the event first.
 */
export function guardDrops(target: Window): void {
  for (const type of ['dragover', 'drop'] as const) {
    target.addEventListener(type, (event) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
      // Browsers put a file that is dropped on a file input into it.
      if (event.target instanceof HTMLInputElement && event.target.type === 'file') return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    });
  }
}
