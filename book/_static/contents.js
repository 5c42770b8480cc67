/* The page being read is in sight among the contents: the theme leaves them where they were last scrolled to, wherever
   a link led. */
addEventListener("load", () => {
  const sidebar = document.querySelector("div.bd-sidebar"), here = Array.from(document.querySelectorAll(".bd-docs-nav .active")).at(-1);
  if (!sidebar || !here) return;
  const [seen, at] = [sidebar, here].map((one) => one.getBoundingClientRect());
  if (at.top < seen.top || at.bottom > Math.min(seen.bottom, innerHeight)) sidebar.scrollTop += at.top - seen.top - sidebar.clientHeight / 4;
});
