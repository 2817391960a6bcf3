"""LibreOffice without a screen as a clerk: opens workbooks, fills in cells, saves as .xlsx and as CSV in GBK. A macro in a
profile of its own does it; LibreOffice itself is not needed by the product. A cell takes a text as it does from the
keyboard: as it is where the cell is formatted as text, else as a number or date if it looks like one. (Its command
.uno:EnterString does just that, but LibreOffice 7.4 crashes in it now and then on a busy machine.)"""
import html
import os
import pathlib
import shutil
import subprocess

GBK = 67  # LibreOffice's number of the encoding
MACRO = r'''
Function Property(name As String, value) As Object
  p = CreateUnoStruct("com.sun.star.beans.PropertyValue")
  p.Name = name : p.Value = value
  Property = p
End Function

Function LinesOf(path As String)
  stream = createUnoService("com.sun.star.io.TextInputStream")
  stream.setInputStream(createUnoService("com.sun.star.ucb.SimpleFileAccess").openFileRead(ConvertToURL(path)))
  stream.setEncoding("UTF-8")
  text = ""
  Do While Not stream.isEOF()
    text = text & Replace(stream.readLine(), Chr(10), "") & Chr(10)
  Loop
  LinesOf = Split(text, Chr(10))
End Function

Sub Fill(source As String, rows As String, book As String, text As String)
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, Array(Property("Hidden", True)))
  sheet = doc.Sheets.getByIndex(0)
  row = 1
  For Each line In LinesOf(rows)
    cells = Split(line, Chr(9))
    For i = 0 To UBound(cells)
      If cells(i) <> "" Then
        cell = sheet.getCellByPosition(i, row)
        If doc.NumberFormats.getByKey(cell.NumberFormat).Type And com.sun.star.util.NumberFormat.TEXT Then
          cell.setString(cells(i))
        Else
          cell.setFormula(cells(i))
        End If
      End If
    Next
    row = row + 1
  Next
  doc.storeToURL(ConvertToURL(book), Array(Property("FilterName", "Calc MS Excel 2007 XML")))
  doc.storeToURL(ConvertToURL(text), Array(Property("FilterName", "Text - txt - csv (StarCalc)"), _
    Property("FilterOptions", "44,34,CHARSET,1,,0,false,true,false")))
  doc.close(True)
End Sub

Sub Work(jobs As String)
  ' with its last document LibreOffice goes as well
  stays = StarDesktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, Array(Property("Hidden", True)))
  For Each line In LinesOf(jobs)
    part = Split(line, Chr(9))
    If UBound(part) = 3 Then Fill(part(0), part(1), part(2), part(3))
  Next
  StarDesktop.terminate()
End Sub
'''
LIBRARY = ('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument '
           '1.0//EN" "module.dtd">\n<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
           'script:language="StarBasic">%s</script:module>')


class LibreOffice:
    def __init__(self, profile):
        self.profile = profile
        self.run("--terminate_after_init")  # its first start puts an empty module where ours goes
        module = pathlib.Path(profile, "user", "basic", "Standard", "Module1.xba")
        module.write_text(LIBRARY % html.escape(MACRO.replace("CHARSET", str(GBK))), encoding="utf-8")

    @staticmethod
    def is_installed():
        return shutil.which("soffice") is not None

    def run(self, *arguments):
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.profile}", "--headless", *arguments], timeout=120,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def fill(self, jobs):
        """`jobs`: (template, rows as TSV, .xlsx to write, GBK .csv to write)."""
        path = os.path.join(self.profile, "jobs")
        pathlib.Path(path).write_text("".join("\t".join(job) + "\n" for job in jobs), encoding="utf-8")
        self.run(f'macro:///Standard.Module1.Work("{path}")')

    def convert(self, path, folder):
        """The file as LibreOffice understands it, as .xlsx in `folder`."""
        # without a screen nobody is asked for the encoding, and it does not look at the BOM: 76 is UTF-8
        reading = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if path.endswith(".csv") else []
        self.run(*reading, "--convert-to", "xlsx", "--outdir", folder, path)
        return os.path.join(folder, os.path.splitext(os.path.basename(path))[0] + ".xlsx")
