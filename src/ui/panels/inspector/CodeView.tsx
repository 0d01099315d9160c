/**
 * JavaScript in Monaco. Until the editor has loaded (or if it cannot) the text stands there as plain text, so that
 * nothing waits for a chunk of code.
 */
import { useEffect, useRef, useState } from 'react';
import { useThemeVersion } from '../../charts/palette.ts';
import styles from './inspector.module.css';

type Monaco = typeof import('./monaco.ts');
type Editor = ReturnType<Monaco['monaco']['editor']['create']>;

/** Help with what is written, given to an editor when it opens. */
export type EditorHelp = (module: Monaco, editor: Editor) => EditorHelper;

export interface EditorHelper {
  /** Marks the place that a message speaks of; null takes the mark away. */
  say: (message: string | null) => void;
  dispose: () => void;
}

export interface CodeViewProps {
  code: string;
  /** Named to screen readers, for example "Program of rank 2". */
  label: string;
  /** Absent: read-only. */
  onChange?: (code: string) => void;
  /** Height in lines; the view never grows beyond `maxLines`. */
  minLines?: number;
  maxLines?: number;
  /** Loads help with writing, for an editable text. Read once, when the editor opens. */
  help?: () => Promise<EditorHelp>;
  /** What the help is to mark: what a run said of the text. */
  said?: string | null;
}

const lineHeight = 20;

export function CodeView(props: CodeViewProps) {
  const { code, label, minLines = 3, maxLines = 16 } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const helper = useRef<EditorHelper | null>(null);
  const latest = useRef(props);
  /** Texts that were typed and have not come back as `code` yet: the page may be slower than the typist. */
  const typed = useRef<string[]>([]);
  const theme = useThemeVersion();
  const [loaded, setLoaded] = useState<Monaco | null>(null);
  const [failure, setFailure] = useState('');
  const editable = props.onChange !== undefined;
  // Long lines wrap, so the editor knows better than a count of lines how tall the text is.
  const [wrapped, setWrapped] = useState(0);
  const lines = Math.max(minLines, code.split('\n').length);
  const height = Math.min(maxLines * lineHeight + 16, Math.max(wrapped, lines * lineHeight + 16));
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    let wanted = true;
    import('./monaco.ts').then(
      (module) => wanted && setLoaded(module),
      (cause) =>
        wanted && setFailure(`The editor could not be loaded (${cause.message}); the text is complete.`),
    );
    return () => {
      wanted = false;
    };
  }, []);

  useEffect(() => {
    if (!loaded) return;
    const created = loaded.monaco.editor.create(host.current!, {
      value: latest.current.code,
      language: 'javascript',
      ariaLabel: label,
      readOnly: !editable,
      domReadOnly: !editable,
      automaticLayout: true,
      fontSize: 13,
      lineHeight,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      overviewRulerLanes: 0,
      lineNumbersMinChars: 3,
      renderLineHighlight: editable ? 'line' : 'none',
      padding: { top: 8, bottom: 8 },
      scrollbar: { alwaysConsumeMouseWheel: false },
      // Tab leaves the editor, as it leaves every other control of the page.
      tabFocusMode: true,
      tabSize: 2,
      wordWrap: 'on',
    });
    editor.current = created;
    const listening = created.onDidChangeModelContent(() => {
      const text = created.getValue();
      if (text === (typed.current.at(-1) ?? latest.current.code)) return;
      typed.current.push(text);
      latest.current.onChange?.(text);
    });
    const growing = created.onDidContentSizeChange(({ contentHeight }) => setWrapped(contentHeight));
    setWrapped(created.getContentHeight());
    latest.current.help?.().then(
      (help) => {
        if (editor.current !== created) return;
        helper.current = help(loaded, created);
        if (latest.current.said) helper.current.say(latest.current.said);
      },
      // Without its help the editor is an editor still.
      () => {},
    );
    return () => {
      helper.current?.dispose();
      helper.current = null;
      growing.dispose();
      listening.dispose();
      created.getModel()?.dispose();
      created.dispose();
      editor.current = null;
    };
  }, [loaded, editable, label]);

  useEffect(() => {
    const living = editor.current;
    const echo = typed.current.lastIndexOf(code);
    typed.current.splice(0, echo < 0 ? typed.current.length : echo + 1);
    if (echo >= 0) return;
    if (living && living.getValue() !== code) living.setValue(code);
  }, [code]);

  useEffect(() => {
    if (props.said !== undefined) helper.current?.say(props.said);
  }, [props.said]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's version says when colours changed
  useEffect(() => {
    loaded?.applyTheme();
  }, [loaded, theme]);

  return (
    <div className={styles.code} style={{ height }} data-testid="code">
      <div ref={host} className={styles.editor} hidden={!loaded} />
      {loaded ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre className={styles.plain} tabIndex={0}>
          {code}
        </pre>
      )}
      {failure ? <p role="status">{failure}</p> : null}
    </div>
  );
}
