/** A dialog over the page: title, what it is for, a way out, and its content. */
import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import parts from './parts.module.css';
import styles from './sheet.module.css';

export interface SheetProps {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: string;
  /** Name of the closing button. */
  closes: string;
  /** One or two sentences under the title. */
  lead: string;
  children: ReactNode;
}

export function Sheet({ open, onOpen, title, closes, lead, children }: SheetProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.sheet}>
          <header className={styles.head}>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className={parts.iconButton} aria-label={closes}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <Dialog.Description className={styles.lead}>{lead}</Dialog.Description>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
