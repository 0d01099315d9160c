/** A button that opens files: a native input, so that keyboard and assistive technology know it as one. */
import { useId } from 'react';
import parts from './parts.module.css';

export function FileButton(props: {
  label: string;
  /** Kinds of files that the chooser offers; all when absent. */
  accept?: string;
  multiple?: boolean;
  /** Takes a whole folder with everything in it. */
  folder?: boolean;
  /** Called with at least one file. */
  onFiles: (files: File[]) => void;
}) {
  const id = useId();
  return (
    <>
      <label className={parts.file} htmlFor={id}>
        {props.label}
      </label>
      <input
        id={id}
        className={parts.hidden}
        type="file"
        multiple={props.multiple}
        {...(props.folder ? { webkitdirectory: '' } : {})}
        accept={props.accept}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file can be chosen again.
          event.target.value = '';
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </>
  );
}
