/* Writes HTML and the SVG in it: elements are opened and closed in order, text and attributes are
 * escaped here and nowhere else. What would not be well-formed is a bug (asserted). */
#pragma once

#include <glib.h>

typedef struct CnHtml CnHtml;

CnHtml *cn_html_new(void);
/* The text; every element must have been closed. (transfer full) of both */
char *cn_html_finish(CnHtml *html);
void cn_html_free(CnHtml *html);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CnHtml, cn_html_free)

/* <name attribute="value"...>: pairs, ended by NULL; an attribute whose value is NULL is left out.
 * Names are literals. */
void cn_html_open(CnHtml *html, const char *name, ...) G_GNUC_NULL_TERMINATED;
void cn_html_close(CnHtml *html, const char *name);
/* An element without content: <name .../>. */
void cn_html_void(CnHtml *html, const char *name, ...) G_GNUC_NULL_TERMINATED;
void cn_html_text(CnHtml *html, const char *text);
/* <name class="class">text</name>; @class_name is nullable. */
void cn_html_element(CnHtml *html, const char *name, const char *class_name, const char *text);
/* Text of our own that is not to be escaped: the doctype and the style sheet. */
void cn_html_raw(CnHtml *html, const char *text);

/* ---- SVG. Lengths are in units of the view box, printed with one decimal. */

/* Opens a picture with its text alternative: @id is unique on the page, @title names it, @text says
 * what it shows. */
void cn_svg_open(CnHtml *html,
                 const char *id,
                 double width,
                 double height,
                 const char *title,
                 const char *text);
void cn_svg_close(CnHtml *html);
void cn_svg_rect(CnHtml *html,
                 const char *class_name,
                 double x,
                 double y,
                 double width,
                 double height);
void cn_svg_line(CnHtml *html, const char *class_name, double x1, double y1, double x2, double y2);
/* @anchor: "start", "middle" or "end". */
void cn_svg_text(CnHtml *html,
                 const char *class_name,
                 const char *anchor,
                 double x,
                 double y,
                 const char *text);
void cn_svg_path(CnHtml *html, const char *class_name, const char *path);
/* A length as it is printed in a path. */
void cn_svg_append(GString *path, double value);
