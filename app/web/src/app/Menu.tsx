import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Button, classes, CloseIcon, MenuIcon } from '../ui/index.js';
import styles from './Menu.module.css';
import { isAt, preload, ROUTES } from './routes.js';

/** The way to all pages: a row, or behind a button where there is no room for one. */
export function Menu() {
  const [location] = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const [shownAt, setShownAt] = useState(location);
  const ref = useRef<HTMLElement>(null);
  if (shownAt !== location) {
    setShownAt(location);
    setIsOpen(false);
  }
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setIsOpen(false);
    const onPress = (event: MouseEvent) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) setIsOpen(false);
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('mousedown', onPress);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('mousedown', onPress);
    };
  }, [isOpen]);
  return (
    <nav ref={ref} className={styles.nav} aria-label="Pages">
      <span className={styles.toggle}>
        <Button
          kind="quiet"
          size="small"
          aria-expanded={isOpen}
          aria-controls="pages"
          onClick={() => setIsOpen(!isOpen)}
          icon={isOpen ? <CloseIcon /> : <MenuIcon />}
        >
          Menu
        </Button>
      </span>
      <ul id="pages" className={classes(styles.list, isOpen && styles.open)}>
        {ROUTES.map(({ path, label }) => (
          <li key={path}>
            <Link
              to={path}
              className={styles.link}
              aria-current={isAt(location, path) ? 'page' : undefined}
              onClick={() => setIsOpen(false)}
              onPointerEnter={() => preload(path)}
              onFocus={() => preload(path)}
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
