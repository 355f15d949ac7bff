package org.martlet.proxyserver.object;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Guesses a content type from an object's name, as Swift (that is, Python's `mimetypes`) does: a
/// suffix that only tells of compression is passed over.
final class ContentTypes {
  static final String UNKNOWN = "application/octet-stream";
  private static final Set<String> COMPRESSIONS = Set.of("gz", "z", "bz2", "xz", "br");
  private static final Map<String, String> ARCHIVES =
      Map.of("tgz", "tar", "taz", "tar", "tz", "tar", "tbz2", "tar", "txz", "tar", "svgz", "svg");

  private static final Map<String, String> TYPES =
      parse(
          """
          application/atom+xml atom
          application/epub+zip epub
          application/gpx+xml gpx
          application/java-archive jar
          application/javascript mjs
          application/json json
          application/ld+json jsonld
          application/manifest+json webmanifest
          application/msword doc dot wiz
          application/n-quads nq
          application/n-triples nt
          application/octet-stream a bin dll exe o obj so
          application/oda oda
          application/ogg ogx
          application/pdf pdf
          application/pgp-signature sig
          application/pkcs7-mime p7c
          application/postscript ai eps ps
          application/rtf rtf
          application/toml toml
          application/trig trig
          application/vnd.android.package-archive apk
          application/vnd.apple.mpegurl m3u m3u8
          application/vnd.debian.binary-package deb
          application/vnd.google-earth.kml+xml kml
          application/vnd.ms-excel xls xlb
          application/vnd.ms-fontobject eot
          application/vnd.ms-powerpoint ppt pot ppa pps pwz
          application/vnd.oasis.opendocument.presentation odp
          application/vnd.oasis.opendocument.spreadsheet ods
          application/vnd.oasis.opendocument.text odt
          application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
          application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
          application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
          application/wasm wasm
          application/x-7z-compressed 7z
          application/x-apple-diskimage dmg
          application/x-bcpio bcpio
          application/x-cpio cpio
          application/x-csh csh
          application/x-dvi dvi
          application/x-gtar gtar
          application/x-hdf h5 hdf
          application/x-hdf5 hdf5
          application/x-iso9660-image iso
          application/x-latex latex
          application/x-mif mif
          application/x-netcdf cdf nc
          application/x-pkcs12 p12 pfx
          application/x-pn-realaudio ram
          application/x-python-code pyc pyo
          application/x-redhat-package-manager rpm
          application/x-sh sh
          application/x-shar shar
          application/x-shockwave-flash swf
          application/x-sv4cpio sv4cpio
          application/x-sv4crc sv4crc
          application/x-tar tar
          application/x-tcl tcl
          application/x-tex tex
          application/x-texinfo texi texinfo
          application/x-troff roff t tr
          application/x-troff-man man
          application/x-troff-me me
          application/x-troff-ms ms
          application/x-ustar ustar
          application/x-wais-source src
          application/xml rdf wsdl xpdl xsl xslt
          application/yaml yaml yml
          application/zip zip
          audio/aac aac adts loas ass
          audio/basic au snd
          audio/flac flac
          audio/midi mid midi
          audio/mp4 m4a
          audio/mpeg mp2 mp3
          audio/ogg oga ogg opus
          audio/x-aiff aif aifc aiff
          audio/x-pn-realaudio ra
          audio/x-wav wav
          font/otf otf
          font/ttf ttf
          font/woff woff
          font/woff2 woff2
          image/avif avif
          image/bmp bmp
          image/gif gif
          image/heic heic
          image/heif heif
          image/ief ief
          image/jpeg jpe jpeg jpg
          image/png png
          image/svg+xml svg
          image/tiff tif tiff
          image/vnd.microsoft.icon ico
          image/webp webp
          image/x-cmu-raster ras
          image/x-portable-anymap pnm
          image/x-portable-bitmap pbm
          image/x-portable-graymap pgm
          image/x-portable-pixmap ppm
          image/x-rgb rgb
          image/x-xbitmap xbm
          image/x-xpixmap xpm
          image/x-xwindowdump xwd
          message/rfc822 eml mht mhtml nws
          text/calendar ics
          text/css css
          text/csv csv
          text/html htm html
          text/javascript js
          text/markdown markdown md
          text/n3 n3
          text/plain bat c h ksh pl srt txt
          text/richtext rtx
          text/rtf rtf
          text/tab-separated-values tsv
          text/vtt vtt
          text/x-python py
          text/x-setext etx
          text/x-sgml sgm sgml
          text/x-vcard vcf
          text/xml xml
          video/3gpp 3gp 3gpp
          video/3gpp2 3g2 3gpp2
          video/mp4 m4v mp4
          video/mpeg m1v mpa mpe mpeg mpg
          video/ogg ogv
          video/quicktime mov qt
          video/webm webm
          video/x-matroska mkv
          video/x-msvideo avi
          video/x-sgi-movie movie
          """);

  private ContentTypes() {}

  /// @param objectName may hold slashes
  static String guess(String objectName) {
    String name = objectName.substring(objectName.lastIndexOf('/') + 1);
    String suffix = suffix(name);
    if (ARCHIVES.containsKey(suffix)) {
      return TYPES.getOrDefault(ARCHIVES.get(suffix), UNKNOWN);
    }
    if (COMPRESSIONS.contains(suffix)) {
      suffix = suffix(name.substring(0, name.length() - suffix.length() - 1));
    }
    return TYPES.getOrDefault(suffix, UNKNOWN);
  }

  /// What follows the last dot, in lower case; empty without one or where nothing precedes it.
  private static String suffix(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> parse(String table) {
    Map<String, String> types = new HashMap<>();
    table
        .lines()
        .map(line -> line.split(" "))
        .forEach(
            words -> {
              for (int i = 1; i < words.length; i++) {
                types.put(words[i], words[0]);
              }
            });
    return Map.copyOf(types);
  }
}
