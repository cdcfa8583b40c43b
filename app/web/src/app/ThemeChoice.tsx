import { useSettings, type Theme } from '../chain/index.js';
import styles from './ThemeChoice.module.css';

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The switch between colour schemes; counts at once. */
export function ThemeChoice() {
  const [{ theme }, change] = useSettings();
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>Colours</legend>
      <div className={styles.options}>
        {THEMES.map(({ value, label }) => (
          <label key={value} className={styles.option}>
            <input
              type="radio"
              name="theme"
              value={value}
              checked={theme === value}
              onChange={() => change({ theme: value })}
              className="visually-hidden"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
