/** Style sheets are bundled into one file beside the program; importing one gives nothing. */
declare module "*.css";
