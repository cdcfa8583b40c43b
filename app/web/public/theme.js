// Runs before the first paint, so that a chosen colour scheme never flashes the other one.
(function () {
  try {
    var theme = JSON.parse(localStorage.getItem('thaw.settings') || '{}').theme;
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // No storage: the system's scheme counts.
  }
})();
