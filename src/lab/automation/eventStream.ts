/** Events as an asynchronous iterator, for scripts that read with `for await`. Nothing is lost between two reads. */
export async function* eventStream<Event>(
  listen: (listener: (event: Event) => void) => () => void,
  done: Promise<void>,
): AsyncGenerator<Event, void, undefined> {
  const waiting: Event[] = [];
  let wake = () => {};
  let ended = false;
  const quiet = listen((event) => {
    waiting.push(event);
    wake();
  });
  void done.then(() => {
    ended = true;
    wake();
  });
  try {
    for (;;) {
      if (waiting.length > 0) yield waiting.shift()!;
      else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    quiet();
  }
}
